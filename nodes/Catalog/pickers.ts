import { catalogContract } from '../../microservices/catalog/contract.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const catalogPickers = {
  productId: pickerFrom(catalogContract, 'Product', 'searchProducts', 'listProducts', { label: ['title', 'slug'] }),
  afterProductId: pickerFrom(catalogContract, 'Product Before It', 'searchProducts', 'listProducts', {
    label: ['title', 'slug'],
  }),
  collectionId: pickerFrom(catalogContract, 'Collection', 'searchCollections', 'listCollections', {
    label: ['title', 'slug'],
  }),
  mediaId: pickerFrom(catalogContract, 'Media File', 'searchMedia', 'listMedia', { label: ['id', 'kind'] }),
  posterId: pickerFrom(catalogContract, 'Poster', 'searchMedia', 'listMedia', { label: ['id', 'kind'] }),
  synonymsId: pickerFrom(catalogContract, 'Synonyms', 'searchSynonyms', 'listSynonyms', { label: ['phrases'] }),
  redirectId: pickerFrom(catalogContract, 'Search Redirect', 'searchRedirects', 'listSearchRedirects', {
    label: ['query', 'target'],
  }),
  variantId: pickerFrom(catalogContract, 'Variant', 'searchVariants', 'listVariants', {
    label: ['sku', 'title'],
    search: 'skuPrefix',
  }),
  categoryId: pickerFrom(catalogContract, 'Category', 'searchCategories', 'listCategories', {
    label: ['title', 'slug'],
  }),
  parentId: pickerFrom(catalogContract, 'Parent Category', 'searchCategories', 'listCategories', {
    label: ['title', 'slug'],
  }),
  priceListId: pickerFrom(catalogContract, 'Price List', 'searchPriceLists', 'listPriceLists', {
    label: ['title', 'code'],
  }),
  priceId: pickerFrom(catalogContract, 'Price', 'searchPrices', 'listPrices', {
    label: ['sku', 'minQuantity'],
    search: 'skuPrefix',
    within: 'priceListId',
  }),
  importId: pickerFrom(catalogContract, 'Import', 'searchImports', 'listImports', { label: ['startedAt', 'state'] }),
  sku: pickerFrom(catalogContract, 'SKU', 'searchSkus', 'listVariants', {
    value: 'sku',
    label: ['sku', 'title'],
    search: 'skuPrefix',
  }),
} satisfies Pickers;
