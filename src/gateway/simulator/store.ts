import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import type { Instant } from '../../platform/dates.ts';
import type { Money } from '../../platform/money.ts';
import { money, moneyText, zero } from '../../platform/money.ts';
import type { ContentError, MoneyField, ParsedRecord } from './documents.ts';
import { MONEY_FIELDS } from './documents.ts';
import type { SimulatorSettings } from './settings.ts';

/** One accepted call. Written to the snapshot file before it is answered. */
export interface Transaction {
  readonly kind: 'claim' | 'checkIn' | 'paper';
  readonly maGiaoDich: string;
  readonly maCSKCB: string;
  readonly account: string;
  readonly receivedAt: Instant;
  /** When the content errors become visible. */
  readonly checkedAt: Instant;
  /** Hash of the file's bytes. */
  readonly sha256: string;
  readonly records: readonly ParsedRecord[];
  readonly duplicate: SimulatorSettings['submit.duplicate'];
}

/** The facility asked to be paid for a record. */
interface PaymentRequest {
  readonly kind: 'paymentRequest';
  readonly maCSKCB: string;
  readonly maLk: string;
}

export interface RecordVersion {
  readonly maGiaoDich: string;
  readonly receivedAt: Instant;
  readonly sha256: string;
  readonly tables: readonly string[];
  readonly money: ParsedRecord['money'];
  readonly errors: readonly ContentError[];
  readonly checkedAt: Instant;
  state: 'active' | 'replaced';
}

export interface StoredRecord {
  readonly maCSKCB: string;
  readonly maLk: string;
  readonly versions: RecordVersion[];
}

export interface StoreTotals {
  readonly active: number;
  readonly replaced: number;
  readonly checkIns: number;
  readonly papers: number;
  readonly transactions: number;
  readonly money: Readonly<Record<MoneyField, string>>;
  readonly twoActiveRecords: number;
}

/**
 * What the gateway has, in memory. With a snapshot file each accepted call and each payment request is one line there,
 * so records outlive the process, also when it is killed: a half-written last line is cut off at the next start.
 */
export class Store {
  private descriptor: number | null = null;
  private readonly transactions = new Map<string, Transaction>();
  private readonly claims = new Map<string, StoredRecord>();
  private checkIns = 0;
  private papers = 0;
  private readonly paymentRequested = new Set<string>();

  constructor(file: string | null) {
    if (file === null) return;
    if (existsSync(file)) this.restore(file);
    this.descriptor = openSync(file, 'a');
  }

  /** `<facility><yyyyMMdd><six digits>`: the running number goes on after a restart. */
  nextTransactionId(maCSKCB: string, localDay: string): string {
    return `${maCSKCB}${localDay.replaceAll('-', '')}${String(this.transactions.size + 1).padStart(6, '0')}`;
  }

  hasActive(maCSKCB: string, maLk: string): boolean {
    return this.record(maCSKCB, maLk)?.versions.some((version) => version.state === 'active') === true;
  }

  record(maCSKCB: string, maLk: string): StoredRecord | undefined {
    return this.claims.get(`${maCSKCB}\n${maLk}`);
  }

  recordsOf(maLk: string | null): readonly StoredRecord[] {
    return [...this.claims.values()].filter((record) => maLk === null || record.maLk === maLk);
  }

  transactionsOf(maCSKCB: string): readonly Transaction[] {
    return [...this.transactions.values()].filter((one) => one.maCSKCB === maCSKCB);
  }

  /** The facility has asked to be paid for it: from then on the record stands as it is. */
  requestPayment(maCSKCB: string, maLk: string): boolean {
    if (!this.hasActive(maCSKCB, maLk)) return false;
    this.keep({ kind: 'paymentRequest', maCSKCB, maLk });
    return true;
  }

  isPaymentRequested(maCSKCB: string, maLk: string): boolean {
    return this.paymentRequested.has(`${maCSKCB}\n${maLk}`);
  }

  transaction(maGiaoDich: string): Transaction | undefined {
    return this.transactions.get(maGiaoDich);
  }

  persist(transaction: Transaction): void {
    this.keep(transaction);
  }

  totals(maCSKCB: string | null): StoreTotals {
    const sums = new Map<MoneyField, Money>(MONEY_FIELDS.map((field) => [field, zero]));
    let active = 0;
    let versions = 0;
    let twoActiveRecords = 0;
    for (const record of this.claims.values()) {
      if (maCSKCB !== null && record.maCSKCB !== maCSKCB) continue;
      const current = record.versions.filter((version) => version.state === 'active');
      versions += record.versions.length;
      active += current.length;
      if (current.length > 1) twoActiveRecords += 1;
      for (const version of current) addMoney(sums, version.money);
    }
    const money = Object.fromEntries(
      [...sums].map(([field, sum]) => [field, moneyText(sum)]),
    ) as StoreTotals['money'];
    const { checkIns, papers } = this;
    return {
      active,
      replaced: versions - active,
      checkIns,
      papers,
      transactions: this.transactions.size,
      money,
      twoActiveRecords,
    };
  }

  reset(): void {
    this.transactions.clear();
    this.claims.clear();
    this.checkIns = 0;
    this.papers = 0;
    this.paymentRequested.clear();
    if (this.descriptor !== null) ftruncateSync(this.descriptor, 0);
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  private restore(file: string): void {
    const bytes = readFileSync(file);
    const complete = bytes.lastIndexOf(10) + 1;
    if (complete < bytes.length) truncateSync(file, complete);
    for (const line of bytes.subarray(0, complete).toString('utf8').split('\n')) {
      if (line !== '') this.apply(JSON.parse(line) as Transaction | PaymentRequest);
    }
  }

  private keep(line: Transaction | PaymentRequest): void {
    if (this.descriptor !== null) writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
    this.apply(line);
  }

  private apply(line: Transaction | PaymentRequest): void {
    if (line.kind === 'paymentRequest') this.paymentRequested.add(`${line.maCSKCB}\n${line.maLk}`);
    else this.take(line);
  }

  private take(transaction: Transaction): void {
    this.transactions.set(transaction.maGiaoDich, transaction);
    if (transaction.kind === 'checkIn') this.checkIns += transaction.records.length;
    else if (transaction.kind === 'paper') this.papers += 1;
    else for (const record of transaction.records) this.addVersion(transaction, record);
  }

  private addVersion(transaction: Transaction, parsed: ParsedRecord): void {
    const { maCSKCB, maGiaoDich, receivedAt, checkedAt, sha256 } = transaction;
    const { maLk, tables, money, errors } = parsed;
    const record = this.record(maCSKCB, maLk) ?? { maCSKCB, maLk, versions: [] };
    this.claims.set(`${maCSKCB}\n${maLk}`, record);
    if (transaction.duplicate !== 'second-record')
      for (const version of record.versions) version.state = 'replaced';
    record.versions.push({
      maGiaoDich,
      receivedAt,
      checkedAt,
      sha256,
      tables,
      money,
      errors,
      state: 'active',
    });
  }
}

function addMoney(sums: Map<MoneyField, Money>, amounts: ParsedRecord['money']): void {
  for (const field of MONEY_FIELDS) {
    const amount = amounts[field];
    if (amount !== undefined) sums.set(field, (sums.get(field) ?? zero).plus(money(amount)));
  }
}
