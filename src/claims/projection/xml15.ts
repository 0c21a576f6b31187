import { lastDay8 } from '../values.ts';
import { SIGNED_ELSEWHERE } from './facts.ts';
import { projection } from './projection.ts';

/** Treatment of tuberculosis, latent included. */
export const xml15 = projection(
  'XML15',
  (view) => view.clinical.tuberculosisCare ?? [],
  ({ encounter, patient, facility }, care, position) => ({
    MA_LK: encounter.claimKey,
    STT: position,
    MA_BN: patient.number,
    HO_TEN: patient.name,
    SO_CCCD: patient.nationalId,
    PHANLOAI_LAO_VITRI: care.siteCode,
    PHANLOAI_LAO_TS: care.historyCode,
    PHANLOAI_LAO_HIV: care.hivStatusCode,
    PHANLOAI_LAO_VK: care.evidenceCode,
    PHANLOAI_LAO_KT: care.resistanceCode, // the list has no value for "not resistant"
    LOAI_DTRI_LAO: care.kindCode,
    NGAYBD_DTRI_LAO: care.from,
    PHACDO_DTRI_LAO: care.regimenCode,
    NGAYKT_DTRI_LAO: lastDay8(care.to ?? null),
    KET_QUA_DTRI_LAO: care.resultCode,
    MA_CSKCB: facility.code,
    NGAYKD_HIV: care.hivConfirmedOn,
    BDDT_ARV: care.antiretroviralsFrom,
    NGAY_BAT_DAU_DT_CTX: care.cotrimoxazoleFrom,
  }),
  { DU_PHONG: SIGNED_ELSEWHERE },
);
