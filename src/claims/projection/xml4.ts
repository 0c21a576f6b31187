import { SPARE } from './facts.ts';
import { projection } from './projection.ts';

/** Results of laboratory tests, imaging and functional tests. No line key exists: XML3 is met by MA_DICH_VU. */
export const xml4 = projection(
  'XML4',
  (view) => view.observations,
  (visit, observation, position) => ({
    MA_LK: visit.encounter.claimKey,
    STT: position,
    MA_DICH_VU: observation.serviceCode,
    MA_CHI_SO: observation.code,
    TEN_CHI_SO: observation.name,
    GIA_TRI: observation.value,
    DON_VI_DO: observation.unit,
    MO_TA: observation.description,
    KET_LUAN: observation.conclusion,
    NGAY_KQ: observation.resultAt,
    MA_BS_DOC_KQ: observation.readByLicence,
  }),
  { DU_PHONG: SPARE },
);
