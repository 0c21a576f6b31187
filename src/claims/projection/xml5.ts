import { SPARE } from './facts.ts';
import { projection } from './projection.ts';

/** The clinical course: every note of the visit, also where the table is not compulsory. */
export const xml5 = projection(
  'XML5',
  (view) => view.notes,
  (visit, note, position) => ({
    MA_LK: visit.encounter.claimKey,
    STT: position,
    DIEN_BIEN_LS: note.text,
    GIAI_DOAN_BENH: note.stage,
    HOI_CHAN: note.consultation,
    PHAU_THUAT: note.surgery,
    THOI_DIEM_DBLS: note.at,
    NGUOI_THUC_HIEN: note.authorLicence,
  }),
  { DU_PHONG: SPARE },
);
