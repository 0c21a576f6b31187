import { date8, lastDay8 } from '../values.ts';
import { oneOrBlank, restDays, SPARE } from './facts.ts';
import { issued, projection } from './projection.ts';

/** The discharge paper, once issued. */
export const xml7 = projection(
  'XML7',
  (view) => issued(view.clinical.dischargePaper),
  ({ encounter, patient, clinical: { people, temporaryCardNumber } }, paper) => ({
    MA_LK: encounter.claimKey,
    SO_LUU_TRU: paper.archiveNumber,
    MA_YTE: patient.number, // the same as MA_BN of XML1
    MA_KHOA_RV: paper.departmentCode,
    NGAY_VAO: encounter.arrivedAt,
    NGAY_RA: encounter.endedAt,
    MA_DINH_CHI_THAI: oneOrBlank(paper.pregnancyEnd !== undefined),
    NGUYENNHAN_DINHCHI: paper.pregnancyEnd?.cause,
    THOIGIAN_DINHCHI: paper.pregnancyEnd?.at,
    TUOI_THAI: paper.pregnancyEnd?.weeks,
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    PP_DIEUTRI: encounter.treatment,
    GHI_CHU: paper.note,
    MA_TTDV: encounter.signerLicence,
    MA_BS: paper.doctor.licence,
    TEN_BS: paper.doctor.name,
    NGAY_CT: paper.issuedOn,
    MA_CHA: people?.father?.socialInsuranceNumber,
    MA_ME: people?.mother?.socialInsuranceNumber,
    MA_THE_TAM: temporaryCardNumber,
    HO_TEN_CHA: people?.father?.name,
    HO_TEN_ME: people?.mother?.name,
    SO_NGAY_NGHI: paper.rest && restDays(paper.rest),
    NGOAITRU_TUNGAY: date8(paper.rest?.from),
    NGOAITRU_DENNGAY: lastDay8(paper.rest?.to ?? null),
  }),
  { DU_PHONG: SPARE },
);
