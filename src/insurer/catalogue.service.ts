import { recordAudit } from '../audit/index.ts';
import { type Facility, listEquipment } from '../facilities/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { insertRows, sentRows } from './catalogue.repo.ts';
import {
  CATALOGUE_FORMS,
  type CatalogueForm,
  catalogueXml,
  changesOf,
  type Known,
  rowsInForce,
} from './catalogue.ts';
import { submitPaper } from './paper.service.ts';

export interface SentCatalogue {
  readonly form: CatalogueForm;
  readonly paperId: Id;
  readonly rows: number;
}

/**
 * Hands in what has changed of a facility's catalogues since they were handed in last: one paper per form, none for a form
 * in which nothing changed. What waits or is unclear counts as handed in, so nothing goes twice.
 * @param forms absent = all
 */
export async function submitCatalogues(
  tx: Transaction,
  facility: Facility,
  known: Omit<Known, 'equipment'>,
  now: Date,
  forms: readonly CatalogueForm[] = CATALOGUE_FORMS,
): Promise<SentCatalogue[]> {
  const today = localDate(now);
  const equipment = forms.includes('equipment') ? await listEquipment(tx, facility.id) : [];
  const sent: SentCatalogue[] = [];
  for (const form of forms) {
    const before = await sentRows(tx, facility.id, form);
    const changes = changesOf(rowsInForce(form, facility, { ...known, equipment }, today), before, today);
    if (changes.length === 0) continue;
    const paperId = await submitPaper(
      tx,
      facility.id,
      {
        kind: form,
        // The same rows on another day are another change: a price may come back.
        content: { form, today, changes },
        figures: { rows: changes.length },
        build: (id) => catalogueXml(form, changes, id),
      },
      now,
    );
    await insertRows(tx, facility.id, paperId, form, changes);
    sent.push({ form, paperId, rows: changes.length });
  }
  recordAudit(tx, {
    action: 'insurer.cataloguesSent',
    subjectType: 'facility',
    subjectId: facility.id,
    detail: { forms, changed: sent.map((one) => one.form) },
  });
  return sent;
}
