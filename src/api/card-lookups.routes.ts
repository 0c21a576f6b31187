import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CardLookupWish,
  InsurerStaff,
  InsurerSetting as SettingBody,
} from '../../schemas/api/insurer.ts';
import { recordAudit } from '../audit/index.ts';
import type { Permission } from '../identity/index.ts';
import {
  askLookup,
  type LookupKind,
  type LookupView,
  listLookups,
  readInsurerSetting,
  readLookup,
  setInsurerSetting,
  setInsurerStaff,
} from '../insurer/index.ts';
import { type Language, text } from '../messages/index.ts';
import type { Reply } from '../platform/http/index.ts';
import { facilityOf, idParam } from './context.ts';
import { type Afterwards, type ApiRoute, creates, reads, replaces } from './routes.ts';

const LOOK_EVERY_MS = 150;

/** A question is asked by a worker; whoever stands at the desk gets its answer, or hears after a while that there is none yet. */
const untilAnswered: Afterwards = async (deps, language, inTransaction, reply) => {
  const { id, isRepeat } = reply.body as { id: string; isRepeat: boolean };
  const endsAt = Date.now() + deps.cardLookupWaitMs;
  for (;;) {
    const view = await inTransaction((tx) => readLookup(tx, tx.context.facilityId ?? '', id));
    if (view.state !== 'waiting' || Date.now() >= endsAt)
      return { ...reply, body: shown(view, language, isRepeat) };
    await sleep(LOOK_EVERY_MS);
  }
};

function shown(view: LookupView, language: Language, isRepeat = false) {
  return { ...view, isRepeat, message: text(language, `insurer.${sayingOf(view)}`) };
}

function sayingOf({ kind, state, verdict, nextCheckAt }: LookupView): string {
  if (state === 'answered') return `${kind}.${verdict}`;
  if (state === 'waiting') return 'waiting';
  return nextCheckAt === null ? 'notChecked' : 'checkedAgain';
}

function asks(path: string, operationId: string, permission: Permission, kind: LookupKind): ApiRoute {
  const route = creates(path, operationId, permission, 'CardLookupWish', 'CardLookup', async (ctx, input) => {
    const wish = input.body as CardLookupWish;
    const facility = facilityOf(ctx);
    const asked = await askLookup(
      ctx.tx,
      facility.id,
      {
        kind,
        card: wish.cardNumber,
        name: wish.name,
        birth: wish.birthDate,
        encounterId: wish.encounterId ?? null,
      },
      ctx.clock.now(),
    );
    return { status: 201, body: asked, location: `/api/v1/card-lookups/${asked.id}` } satisfies Reply;
  });
  return { ...route, afterwards: untilAnswered };
}

export const cardLookupRoutes: readonly ApiRoute[] = [
  asks('/api/v1/card-lookups', 'lookUpCard', 'insurer.lookUp', 'card'),
  asks('/api/v1/history-lookups', 'lookUpHistory', 'insurer.lookUp', 'history'),
  asks('/api/v1/copay-lookups', 'lookUpCopay', 'insurer.lookUp', 'copay'),
  reads(
    '/api/v1/card-lookups/:lookupId',
    'readCardLookup',
    'insurer.lookUp',
    null,
    'CardLookup',
    async (ctx, input) => {
      const id = idParam(input.params.lookupId, 'card-lookup');
      const view = await readLookup(ctx.tx, facilityOf(ctx).id, id);
      recordAudit(ctx.tx, { action: 'insurer.lookupRead', subjectType: 'card-lookup', subjectId: id });
      return { status: 200, body: shown(view, ctx.language) };
    },
  ),
  reads(
    '/api/v1/encounters/:encounterId/card-lookups',
    'listCardLookups',
    'insurer.lookUp',
    null,
    'CardLookupList',
    async (ctx, input) => {
      const id = idParam(input.params.encounterId, 'encounter');
      const lookups = await listLookups(ctx.tx, facilityOf(ctx).id, id);
      recordAudit(ctx.tx, { action: 'insurer.lookupsRead', subjectType: 'encounter', subjectId: id });
      return { status: 200, body: { lookups: lookups.map((one) => shown(one, ctx.language)) } };
    },
  ),
  reads(
    '/api/v1/settings/insurer',
    'readInsurerSetting',
    'insurer.read',
    null,
    'InsurerSetting',
    async (ctx) => ({ status: 200, body: await readInsurerSetting(ctx.tx, facilityOf(ctx).id) }),
  ),
  replaces(
    '/api/v1/settings/insurer',
    'setInsurerSetting',
    'insurer.setting',
    'InsurerSetting',
    'InsurerSetting',
    async (ctx, input) => {
      const setting = input.body as SettingBody;
      const body = await setInsurerSetting(ctx.tx, facilityOf(ctx).id, setting, ctx.clock.now());
      return { status: 200, body };
    },
  ),
  replaces(
    '/api/v1/settings/insurer/staff',
    'setInsurerStaff',
    'insurer.setting',
    'InsurerStaff',
    'InsurerStaff',
    async (ctx, input) => {
      const staff = input.body as InsurerStaff;
      await setInsurerStaff(ctx.tx, facilityOf(ctx).id, staff, ctx.clock.now());
      return { status: 200, body: staff };
    },
  ),
];
