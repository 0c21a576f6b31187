import { decimalText, type Money } from '../platform/money.ts';

/** The account that transfers go to. */
export interface BankAccount {
  /** Six digits: the bank's number at NAPAS. */
  readonly bin: string;
  readonly account: string;
}

/** One field of EMVCo QR: tag, length in two digits, value. */
function field(tag: string, value: string): string {
  if (value.length > 99) throw new RangeError(`field ${tag} is longer than 99 characters`);
  return `${tag}${String(value.length).padStart(2, '0')}${value}`;
}

const NAPAS = 'A000000727';
/** Fast transfer to an account. */
const TO_ACCOUNT = 'QRIBFTTA';
const VND = '704';

/**
 * The text of a VietQR code, to be drawn by whoever shows it: EMVCo merchant-presented mode, used once.
 * @param reference what the payer's bank writes on the transfer: letters and digits, at most 25
 */
export function vietQr(to: BankAccount, amount: Money, reference: string): string {
  if (!/^[0-9A-Za-z ]{1,25}$/.test(reference)) throw new RangeError('a bank would not carry this reference');
  const account = field('00', to.bin) + field('01', to.account);
  const payload = [
    field('00', '01'),
    field('01', '12'),
    field('38', field('00', NAPAS) + field('01', account) + field('02', TO_ACCOUNT)),
    field('53', VND),
    field('54', decimalText(amount)),
    field('58', 'VN'),
    field('62', field('08', reference)),
    '6304',
  ].join('');
  return payload + crc16(payload);
}

/** CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, nothing reflected) as four hexadecimal digits. */
export function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}
