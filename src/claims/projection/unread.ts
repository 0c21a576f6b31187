import type { TableCode } from '../dictionary.ts';

/**
 * What the projections can fill but no table of the database holds yet, with the reason: whole tables, or single
 * elements. A part that starts to be read (`readSnapshots`) leaves this list; a test holds both together.
 */
export const UNREAD: { readonly [code in TableCode]?: string | Readonly<Record<string, string>> } = {
  XML2: {
    MA_PP_CHEBIEN: 'processed traditional materials are not in the catalogue yet',
    MA_CSKCB_THUOC: 'drugs handed between facilities are not recorded yet',
    VET_THUONG_TP: 'recurring war injuries are not marked yet',
  },
  XML3: {
    VET_THUONG_TP: 'recurring war injuries are not marked yet',
    TAI_SU_DUNG: 'reuse of supplies is not recorded yet',
  },
  XML6: 'care for HIV is not recorded yet',
  XML7: 'discharge papers are not issued yet',
  XML8: 'summaries of the record are not written yet',
  XML9: 'births are not recorded yet',
  XML10: 'certificates of rest in pregnancy are not issued yet',
  XML11: 'sick-leave certificates are not issued yet',
  XML13: 'referral papers are not issued yet; where the patient went stands in XML1',
  XML14: 'follow-up slips are not issued yet; the days stand in XML1',
  XML15: 'treatment of tuberculosis is not recorded yet',
};
