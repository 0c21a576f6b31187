import { lastDay8 } from '../values.ts';
import { restDays, SPARE } from './facts.ts';
import { issued, projection } from './projection.ts';

/** The certificate of rest in pregnancy, once issued. */
export const xml10 = projection(
  'XML10',
  (view) => issued(view.clinical.pregnancyRest),
  ({ encounter, clinical }, paper) => ({
    MA_LK: encounter.claimKey,
    SO_SERI: paper.serialNumber,
    SO_CT: paper.documentNumber,
    SO_NGAY: restDays(paper.rest), // first and last day counted, as in the example of the annex (its formula does not)
    DON_VI: clinical.employer,
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    TU_NGAY: paper.rest.from,
    DEN_NGAY: lastDay8(paper.rest.to),
    MA_TTDV: encounter.signerLicence,
    TEN_BS: paper.doctor.name,
    MA_BS: paper.doctor.licence,
    NGAY_CT: paper.issuedOn,
  }),
  { DU_PHONG: SPARE },
);
