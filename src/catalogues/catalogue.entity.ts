import { defineEntity, p } from '@mikro-orm/core';

export const CatalogueItemEntity = defineEntity({
  name: 'CatalogueItem',
  tableName: 'catalogue_item',
  properties: () => ({
    id: p.uuid().primary(),
    itemCode: p.string(),
    kind: p.string(),
    officialCode: p.string(),
    name: p.string(),
    unit: p.string(),
    costGroupCode: p.string(),
    scopeCode: p.string(),
    catalogueRate: p.decimal().precision(5).scale(2),
    unitCeiling: p.decimal().precision(18).scale(3).nullable(),
    details: p.json(),
    valid: p.string().columnType('daterange'),
  }),
});

/** A price has no id of its own: item, list and days name it. */
export const CataloguePriceEntity = defineEntity({
  name: 'CataloguePrice',
  tableName: 'catalogue_price',
  properties: () => ({
    itemId: p.uuid().primary(),
    priceList: p.string().primary(),
    valid: p.string().columnType('daterange').primary(),
    unitPrice: p.decimal().precision(18).scale(3),
    insuredUnitPrice: p.decimal().precision(18).scale(3),
    source: p.string(),
  }),
});

export const CATALOGUE_ENTITIES = [CatalogueItemEntity, CataloguePriceEntity];
