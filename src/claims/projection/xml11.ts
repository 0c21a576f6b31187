import { lastDay8 } from '../values.ts';
import { oneOrBlank, restDays, SPARE } from './facts.ts';
import { issued, projection } from './projection.ts';

/** The form of the sick-leave certificate. */
export const SICK_LEAVE_FORM = 'CT07';

/** The sick-leave certificate, once issued. */
export const xml11 = projection(
  'XML11',
  (view) => issued(view.clinical.sickLeave),
  ({ encounter, cards, clinical: { people, ...clinical } }, paper) => ({
    MA_LK: encounter.claimKey,
    SO_CT: paper.documentNumber,
    SO_SERI: paper.serialNumber,
    SO_KCB: paper.formNumber,
    DON_VI: clinical.employer,
    MA_BHXH: clinical.socialInsuranceNumber,
    MA_THE_BHYT: cards.map((card) => card.cardNumber),
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    PP_DIEUTRI: encounter.treatment,
    MA_DINH_CHI_THAI: oneOrBlank(paper.pregnancyEnd !== undefined),
    NGUYENNHAN_DINHCHI: paper.pregnancyEnd?.cause,
    TUOI_THAI: paper.pregnancyEnd?.weeks,
    SO_NGAY_NGHI: restDays(paper.rest),
    TU_NGAY: paper.rest.from,
    DEN_NGAY: lastDay8(paper.rest.to),
    HO_TEN_CHA: people?.father?.name,
    HO_TEN_ME: people?.mother?.name,
    MA_TTDV: encounter.signerLicence,
    MA_BS: paper.doctor.licence,
    NGAY_CT: paper.issuedOn,
    MA_THE_TAM: clinical.temporaryCardNumber,
    MAU_SO: SICK_LEAVE_FORM,
  }),
  { DU_PHONG: SPARE },
);
