import type { Transaction } from '../platform/database/index.ts';
import { type Catalogue, type CatalogueItem, catalogueFrom, type Ward } from './catalogue.ts';

export async function loadCatalogue(tx: Transaction): Promise<Catalogue> {
  const items = await tx.query<CatalogueItem>(`
    select i.id, i.item_code as "itemCode", i.kind, i.official_code as "officialCode", i.name, i.unit,
      i.cost_group_code as "costGroupCode", i.scope_code as "scopeCode", trim_scale(i.catalogue_rate)::text as "catalogueRate",
      trim_scale(i.unit_ceiling)::text as "unitCeiling", i.details,
      to_json(lower(i.valid))#>>'{}' as "from", to_json(upper(i.valid))#>>'{}' as "to",
      coalesce((select json_agg(json_build_object('priceList', p.price_list,
          'unitPrice', trim_scale(p.unit_price)::text, 'insuredUnitPrice', trim_scale(p.insured_unit_price)::text,
          'from', lower(p.valid), 'to', upper(p.valid)))
        from catalogue_price p where p.item_id = i.id), '[]') as prices
    from catalogue_item i order by i.item_code`);
  const diagnoses = await tx.query<{ code: string; name: string }>('select code, name from diagnosis_code');
  const wards = await tx.query<Ward>('select code, province_code as "provinceCode", name from ward');
  return catalogueFrom(items, diagnoses, wards);
}
