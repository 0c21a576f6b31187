/** Invented people whom the look-ups know; everything about them can be set over the control port. */
export interface SeededCard {
  /** Result code of the card look-up. */
  readonly code: string;
  readonly maThe: string;
  readonly hoTen: string;
  /** `dd/MM/yyyy` */
  readonly ngaySinh: string;
  readonly maTheMoi?: string | null;
  /** Further fields of the answer, as they are to stand there. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly history?: readonly Readonly<Record<string, unknown>>[] | null;
  /** Running totals of co-payment, newest first. */
  readonly copay?: readonly number[];
}

/** Every documented code of the card look-up. */
export const CARD_CODES = [
  '000',
  '001',
  '002',
  '003',
  '004',
  '010',
  '050',
  '051',
  '052',
  '053',
  '054',
  '055',
  '060',
  '061',
  '070',
  '080',
  '090',
  '100',
  '101',
  '110',
  '120',
  '121',
  '122',
  '123',
  '124',
  '130',
  '205',
  '401',
  '500',
] as const;

/** `DN4990000000<code>`: one person for each code. */
export const cardOfCode = (code: string): string => `DN4990000000${code}`;

const initialCards = (): Map<string, SeededCard> =>
  new Map(
    CARD_CODES.map((code, index) => [
      cardOfCode(code),
      {
        code,
        maThe: cardOfCode(code),
        hoTen: `Người Mẫu ${code}`,
        ngaySinh: `${String((index % 28) + 1).padStart(2, '0')}/02/1990`,
        maTheMoi: code === '003' || code === '004' ? 'DN4990000009999' : null,
        history: code === '000' ? [] : null,
        copay: code === '000' ? [1_250_000, 900_000] : [],
      },
    ]),
  );

/** Somebody whom a facility registered for looking cards up. */
export interface StaffMember {
  readonly cccd: string;
  readonly hoTen: string;
}
const SEEDED_STAFF = 3;
/** `0010<facility code>00<n>`, `Nhân Viên Mẫu <n>`: of every facility. */
const initialStaff = (maCSKCB: string): readonly StaffMember[] =>
  Array.from({ length: SEEDED_STAFF }, (_, index) => ({
    cccd: `0010${maCSKCB}00${index + 1}`,
    hoTen: `Nhân Viên Mẫu ${index + 1}`,
  }));

export class People {
  private cards = initialCards();
  private registered = new Map<string, readonly StaffMember[]>();
  private asked = new Map<string, number>();

  /** By card of 15 characters, or its last ten (the social insurance number). */
  find(text: string): SeededCard | undefined {
    const wanted = text.trim();
    return (
      this.cards.get(wanted) ?? [...this.cards.values()].find(({ maThe }) => maThe.slice(-10) === wanted)
    );
  }

  put(card: SeededCard): void {
    this.cards.set(card.maThe, card);
  }

  staffOf(maCSKCB: string): readonly StaffMember[] {
    return this.registered.get(maCSKCB) ?? initialStaff(maCSKCB);
  }

  /** A second registration of an id gives it another name. */
  register(maCSKCB: string, member: StaffMember): void {
    const others = this.staffOf(maCSKCB).filter(({ cccd }) => cccd !== member.cccd);
    this.registered.set(maCSKCB, [...others, member]);
  }

  /** How often an account has asked on that day, this time included. */
  count(account: string, day: string): number {
    const key = `${account} ${day}`;
    const times = (this.asked.get(key) ?? 0) + 1;
    this.asked.set(key, times);
    return times;
  }

  reset(): void {
    this.cards = initialCards();
    this.registered = new Map();
    this.asked = new Map();
  }
}
