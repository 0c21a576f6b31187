import type { CatalogueRowQuery, CatalogueSubmissionWish } from '../../schemas/api/insurer.ts';
import { type CatalogueForm, listCatalogueRows, submitCatalogues } from '../insurer/index.ts';
import { facilityOf } from './context.ts';
import { type ApiRoute, creates, reads } from './routes.ts';

export const insurerCatalogueRoutes: readonly ApiRoute[] = [
  creates(
    '/api/v1/catalogue-submissions',
    'sendCatalogues',
    'insurer.send',
    'CatalogueSubmissionWish',
    'CatalogueSubmission',
    async (ctx, input) => {
      const { forms } = input.body as CatalogueSubmissionWish;
      const { directory, catalogue, tx, clock } = ctx;
      const known = { directory, catalogue };
      const chosen = forms as readonly CatalogueForm[] | undefined;
      const papers = await submitCatalogues(tx, facilityOf(ctx), known, clock.now(), chosen);
      return { status: 201, body: { papers } };
    },
  ),
  reads(
    '/api/v1/catalogue-rows',
    'listCatalogueRows',
    'insurer.read',
    'CatalogueRowQuery',
    'CatalogueRowList',
    async (ctx, input) => {
      const { form, accepted } = input.query as CatalogueRowQuery;
      const wanted = accepted === undefined ? null : accepted === 'true';
      const rows = await listCatalogueRows(
        ctx.tx,
        facilityOf(ctx).id,
        (form as CatalogueForm) ?? null,
        wanted,
      );
      return { status: 200, body: { rows } };
    },
  ),
];
