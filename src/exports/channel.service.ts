import {
  admission,
  afterCall,
  type Channel,
  type DecisionRule,
  FACILITY_FAILURES,
  type Family,
  GATEWAY_FAILURES,
  type GatewayResult,
  isOfAccount,
  type Sign,
  signOf,
  tried,
} from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import {
  beginOutage,
  type Channels,
  endOutage,
  lockChannels,
  takeLane,
  wakeWork,
  writeChannel,
} from './channel.repo.ts';
import type { ExportDependencies } from './context.ts';
import type { Lanes } from './lanes.ts';

/** May a call of the facility go? `full`: as many are under way as may be. */
export type Admission =
  | { readonly may: 'go'; readonly lane: number; readonly until: string }
  | { readonly may: 'full' }
  | { readonly may: 'rest'; readonly until: string };

/** Channels and lanes are of all machines: they rest and end by the one clock of the database. */
type ChannelDependencies = Pick<ExportDependencies, 'ledgerTime' | 'log' | 'lanes'>;

/**
 * Takes a lane for calls of a facility, if its channels let them through.
 * @param lastsMs longest time of the calls
 * @param trialMs longest time of a call that tries whether the way is good again
 */
export async function admit(
  tx: Transaction,
  deps: ChannelDependencies,
  facilityId: Id,
  family: Family,
  lastsMs: number,
  trialMs = lastsMs,
): Promise<Admission> {
  const at = (await deps.ledgerTime(tx)).getTime();
  const until = new Date(at + lastsMs).toISOString();
  const wish = {
    facilityId,
    family,
    lanes: deps.lanes.settings.perFacility,
    now: new Date(at).toISOString(),
    until,
    isTrial: false,
  };
  const { lane, channels } = await takeLane(tx, wish);
  remember(deps.lanes, facilityId, family, channels);
  if (lane !== null) return { may: 'go', lane, until };
  if (entriesOf(channels, facilityId, family).every(({ channel }) => channel.state === 'closed'))
    return { may: 'full' };
  return tryChannels(tx, deps, wish, at, trialMs);
}

/** Some channel is not closed: who comes first after its pause makes the one call that shows how things are. */
async function tryChannels(
  tx: Transaction,
  { lanes }: ChannelDependencies,
  wish: Parameters<typeof takeLane>[1],
  at: number,
  trialMs: number,
): Promise<Admission> {
  const { facilityId, family, until } = wish;
  const channels = await lockChannels(tx, facilityId, family, null);
  const notClosed = entriesOf(channels, facilityId, family).filter(
    ({ channel }) => channel.state !== 'closed',
  );
  const rests = notClosed.flatMap(({ channel }) => {
    const said = admission(channel, at);
    return said.may === 'rest' ? [said.until] : [];
  });
  if (rests.length > 0) return { may: 'rest', until: new Date(Math.max(...rests)).toISOString() };
  const { lane } = await takeLane(tx, { ...wish, isTrial: true });
  if (lane === null) return { may: 'full' };
  for (const { id, name, channel } of notClosed) {
    const trial = tried(channel, at, trialMs);
    await writeChannel(tx, id, name, trial);
    lanes.see(id, name, trial);
  }
  return { may: 'go', lane, until };
}

/** Does what became of a call say nothing new of the ways to the gateway? */
export const isUnremarkable = (
  { lanes }: Pick<ChannelDependencies, 'lanes'>,
  facilityId: Id,
  family: Family,
  result: Pick<GatewayResult, 'rule'>,
): boolean => signOf(result) === 'answered' && lanes.isClean(facilityId, family);

/** Draws from what became of a call what it says about the ways to the gateway, in the transaction that records it. */
export async function noteOutcome(
  tx: Transaction,
  deps: ChannelDependencies,
  facilityId: Id,
  family: Family,
  result: Pick<GatewayResult, 'rule' | 'retryAfterSeconds'> & Partial<Pick<GatewayResult, 'leftFrom'>>,
): Promise<void> {
  if (isUnremarkable(deps, facilityId, family, result)) return;
  const sign = signOf(result);
  const at = await deps.ledgerTime(tx);
  const make = sign === 'answered' ? null : at.toISOString();
  const before = await lockChannels(tx, facilityId, family, make);
  const signs = signsFor(before, sign, isOfAccount(result, family), result.rule === 'signature-refused');
  for (const { id, name, channel, part } of entriesOf(before, facilityId, family)) {
    const now = signs[part]
      ? afterCall(channel, {
          sign: signs[part],
          rule: result.rule,
          at: at.getTime(),
          retryAfterMs: (result.retryAfterSeconds ?? 0) * 1_000,
          opensWhenAsked: id !== null,
          mostFailures: id === null ? GATEWAY_FAILURES : FACILITY_FAILURES,
          random: Math.random(),
        })
      : channel;
    deps.lanes.see(id, name, now);
    if (now === channel) continue;
    await writeChannel(tx, id, name, now);
    await tellChange(tx, deps, id, name, channel, now, result.leftFrom ?? null);
  }
}

/** Which channel learns what. */
function signsFor(
  { gateway, own, session }: Channels,
  sign: Sign,
  ofAccount: boolean,
  ofSignature: boolean,
): { readonly [part in keyof Channels]: Sign | null } {
  // A facility whose own channel is open has said what it can of the gateway; whoever tries the gateway may say it.
  const counts = own.state === 'closed' || gateway.state === 'trial';
  const knowsAccount = sign === 'answered' || ofSignature;
  return {
    gateway: sign === 'failed' ? (counts ? 'failed' : null) : 'answered',
    own: ofAccount ? 'answered' : sign,
    session: ofAccount ? 'stopped' : knowsAccount ? 'answered' : session.state === 'trial' ? 'failed' : null,
  };
}

async function tellChange(
  tx: Transaction,
  { log }: ChannelDependencies,
  facilityId: Id | null,
  family: Family,
  before: Channel,
  now: Channel,
  leftFrom: string | null,
): Promise<void> {
  if (before.state === now.state) return;
  const { state, reason, failures } = now;
  if (state === 'closed') {
    await endOutage(tx, facilityId, family, now.changedAt);
    if (facilityId !== null) await wakeWork(tx, facilityId, new Date(now.changedAt).toISOString());
    log.info({ facilityId, family }, 'gateway channel is closed again: calls go through');
    return;
  }
  if (before.state === 'closed')
    await beginOutage(tx, facilityId, family, now.since ?? now.changedAt, reason ?? state);
  const egress = egressOf(reason, leftFrom);
  log.warn({ facilityId, family, state, reason, failures, ...egress }, 'gateway channel is open: no calls');
}

/** Sessions that are refused again and again may be of an address that the gateway does not know: which one is it? */
export const egressOf = (rule: DecisionRule | null, leftFrom: string | null): { readonly egress?: string } =>
  leftFrom !== null && rule === 'session-refused-twice' ? { egress: leftFrom } : {};

const entriesOf = ({ gateway, own, session }: Channels, facilityId: Id, family: Family) =>
  [
    { part: 'gateway', id: null, name: family, channel: gateway },
    { part: 'own', id: facilityId, name: family, channel: own },
    { part: 'session', id: facilityId, name: 'session' as Family, channel: session },
  ] as const;

function remember(lanes: Lanes, facilityId: Id, family: Family, channels: Channels): void {
  for (const { id, name, channel } of entriesOf(channels, facilityId, family)) lanes.see(id, name, channel);
}
