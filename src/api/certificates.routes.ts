import type { CertificateGiven, CertificateQuery } from '../../schemas/api/certificates.ts';
import { readCertificates, registerCertificate } from '../exports/index.ts';
import { text } from '../messages/index.ts';
import { facilityOf, scopeOf } from './context.ts';
import { type ApiRoute, creates, reads } from './routes.ts';

export const certificateRoutes: readonly ApiRoute[] = [
  reads(
    '/api/v1/facility-certificates',
    'listCertificates',
    'export.read',
    'CertificateQuery',
    'CertificateList',
    async (ctx, input) => {
      const facilityId = scopeOf(ctx, (input.query as CertificateQuery).facilityCode);
      const { certificates, notSigned } = await readCertificates(ctx.tx, facilityId, ctx.clock.now());
      const shown = notSigned.map((row) => ({
        ...row,
        message: text(ctx.language, `signing.obstacle.${row.cause}`),
      }));
      return { status: 200, body: { certificates, notSigned: shown } };
    },
  ),
  creates(
    '/api/v1/facility-certificates',
    'registerCertificate',
    'certificate.register',
    'CertificateGiven',
    'Certificate',
    async (ctx, input) => {
      const { pem } = input.body as CertificateGiven;
      const body = await registerCertificate(ctx.tx, facilityOf(ctx), pem, ctx.clock.now());
      return { status: 201, body };
    },
  ),
];
