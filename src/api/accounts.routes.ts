import type { AccountCreate, AccountReset, DutyGrant, SecondFactorRule } from '../../schemas/api/identity.ts';
import { recordAudit } from '../audit/index.ts';
import {
  createAccount,
  type DutyWish,
  findAccount,
  grantDuty,
  listAccounts,
  lockAccount,
  resetAccount,
  revokeDuty,
  setSecondFactorRule,
} from '../identity/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, decides, type Input, reads } from './routes.ts';

const BASE = '/api/v1/accounts';
const ONE = `${BASE}/:accountId`;
const accountId = ({ params }: Input) => idParam(params.accountId, 'account');
const SECRETS = ['oneTimePassword', 'secret'];
const reasonOf = ({ body }: Input) => (body as { reason: string }).reason;

export const accountRoutes: readonly ApiRoute[] = [
  reads(BASE, 'listAccounts', 'account.read', 'AccountQuery', 'AccountList', async (ctx, { query }) => {
    const { cursor, limit = 50 } = query as { cursor?: string; limit?: number };
    const rows = await listAccounts(ctx.tx, cursor ?? null, limit + 1);
    const items = rows.slice(0, limit);
    return {
      status: 200,
      body: { items, next: rows.length > limit ? (items.at(-1)?.username ?? null) : null },
    };
  }),
  reads(ONE, 'readAccount', 'account.read', null, 'Account', async (ctx, input) => {
    const account = await findAccount(ctx.tx, accountId(input));
    if (!account) throw new Problem('not-found', { what: 'account' });
    return { status: 200, body: account };
  }),
  creates(
    BASE,
    'createAccount',
    'account.manage',
    'AccountCreate',
    'AccountOpened',
    async (ctx, { body }) => {
      const { kind = 'person', duty, ...wish } = body as AccountCreate;
      const created = await createAccount(
        ctx.tx,
        ctx.caller,
        { ...wish, kind, duty: dutyOf(ctx, duty, '/duty') },
        ctx.clock.now(),
      );
      return { status: 201, body: created, location: `${BASE}/${created.account.id}`, shownOnce: SECRETS };
    },
  ),
  creates(`${ONE}/duties`, 'grantDuty', 'account.manage', 'DutyGrant', 'Account', async (ctx, input) => {
    const duty = dutyOf(ctx, input.body as DutyGrant, '');
    const account = await grantDuty(ctx.tx, ctx.caller, accountId(input), duty, ctx.clock.now());
    return { status: 201, body: account };
  }),
  decides(
    `${ONE}/duties/:dutyId/revoke`,
    'revokeDuty',
    'account.manage',
    'Reason',
    'Account',
    async (ctx, input) => {
      const account = await revokeDuty(
        ctx.tx,
        ctx.caller,
        accountId(input),
        idParam(input.params.dutyId, 'duty'),
        reasonOf(input),
        ctx.clock.now(),
        (code) => ctx.directory.byCode(code)?.id,
      );
      return { status: 200, body: account };
    },
  ),
  decides(`${ONE}/lock`, 'lockAccount', 'account.manage', 'Reason', 'Account', async (ctx, input) => ({
    status: 200,
    body: await lockAccount(ctx.tx, ctx.caller, accountId(input), 'locked', reasonOf(input)),
  })),
  decides(`${ONE}/unlock`, 'unlockAccount', 'account.manage', 'Reason', 'Account', async (ctx, input) => ({
    status: 200,
    body: await lockAccount(ctx.tx, ctx.caller, accountId(input), 'active', reasonOf(input)),
  })),
  decides(
    `${ONE}/reset`,
    'resetAccount',
    'account.manage',
    'AccountReset',
    'AccountOpened',
    async (ctx, input) => {
      const { reason, removesSecondFactor = false } = input.body as AccountReset;
      const how = { reason, removesSecondFactor, now: ctx.clock.now() };
      const body = await resetAccount(ctx.tx, ctx.caller, accountId(input), how);
      return { status: 200, body, shownOnce: SECRETS };
    },
  ),
  decides(
    '/api/v1/settings/second-factor',
    'setSecondFactorRule',
    'setting.manage',
    'SecondFactorRule',
    'SecondFactorRuleSet',
    async (ctx, { body }) => {
      const { facilityCode, rule, reason } = body as SecondFactorRule;
      const facilityId = scopeOf(ctx, facilityCode);
      if (!facilityId) throw new Problem('bad-parameter', { parameter: 'facilityCode' });
      await setSecondFactorRule(ctx.tx, facilityId, rule);
      recordAudit(ctx.tx, {
        action: 'setting.secondFactor',
        subjectType: 'facility',
        subjectId: facilityId,
        detail: { rule, reason },
      });
      return { status: 200, body: { rule } };
    },
  ),
];

/**
 * The duty as the caller meant it: at their own place unless they name another.
 * @param place of the duty in the body
 */
function dutyOf(ctx: RequestContext, duty: DutyGrant, place: string): DutyWish {
  const { role, facilityCode, validFrom = localDate(ctx.clock.now()), validThrough } = duty;
  return {
    role,
    facilityId: facilityCode === undefined ? ctx.caller.facilityId : facilityIdOf(ctx, facilityCode, place),
    validFrom,
    ...(validThrough === undefined ? {} : { validThrough }),
  };
}

function facilityIdOf(ctx: RequestContext, code: string | null, place: string): Id | null {
  if (code === null) return null;
  const facility = ctx.directory.byCode(code);
  if (!facility)
    throw new Problem('unknown-code', {}, [
      { pointer: `${place}/facilityCode`, message: 'problem.place.unknownFacility' },
    ]);
  return facility.id;
}
