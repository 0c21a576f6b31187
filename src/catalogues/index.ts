export { loadCatalogue } from './catalogue.repo.ts';
export {
  type Catalogue,
  type CatalogueItem,
  type CataloguePrice,
  catalogueFrom,
  type PricedItem,
  type Ward,
} from './catalogue.ts';
