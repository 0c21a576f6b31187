import { SPARE, since } from './facts.ts';
import { issued, projection, type VisitView } from './projection.ts';

/** Kinds of care whose record is summed up: stays by the note of 4750; 3176 allows the long outpatient ones, too. */
const STAYS = ['03', '04', '06'];
const ALSO_BY_3176 = ['02', '05', '08', '09'];
const isSummedUp = (visit: VisitView): boolean =>
  [...STAYS, ...(since(visit, '3176') ? ALSO_BY_3176 : [])].includes(visit.encounter.classCode);

/** The summary of the record, once written. */
export const xml8 = projection(
  'XML8',
  (view) => issued(isSummedUp(view) ? view.clinical.recordSummary : undefined),
  ({ encounter, clinical: { people, employer, temporaryCardNumber } }, summary) => ({
    MA_LK: encounter.claimKey,
    MA_LOAI_KCB: encounter.classCode,
    HO_TEN_CHA: people?.father?.name,
    HO_TEN_ME: people?.mother?.name,
    NGUOI_GIAM_HO: people?.guardian?.name,
    DON_VI: employer,
    NGAY_VAO: encounter.arrivedAt,
    NGAY_RA: encounter.endedAt,
    CHAN_DOAN_VAO: encounter.provisionalDiagnosis,
    CHAN_DOAN_RV: encounter.finalDiagnosis,
    QT_BENHLY: summary.course,
    TOMTAT_KQ: summary.results,
    PP_DIEUTRI: summary.treatment ?? encounter.treatment,
    NGAY_SINHCON: summary.childLoss?.bornOn,
    NGAY_CONCHET: summary.childLoss?.diedOn,
    SO_CONCHET: summary.childLoss?.count,
    KET_QUA_DTRI: encounter.outcomeCode,
    GHI_CHU: summary.note,
    MA_TTDV: encounter.signerLicence,
    NGAY_CT: summary.issuedOn,
    MA_THE_TAM: temporaryCardNumber,
  }),
  { DU_PHONG: SPARE },
);
