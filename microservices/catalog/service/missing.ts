/** Details of NOT_FOUND, with what to do next. */
export const missing = {
  product: (product: string) => `There is no product ${product}. List the products to find the right one.`,
  variant: (variantId: string) => `There is no variant ${variantId}. List the variants to find the right id.`,
  variantBySku: (sku: string) => `There is no variant with the SKU ${sku}. List the variants to find the right SKU.`,
  soldSku: (sku: string, currency: string) =>
    `There is no variant with the SKU ${sku} on sale in ${currency}. Check both.`,
  category: (categoryId: string) => `There is no category ${categoryId}. List the categories to find the right id.`,
  collection: (collection: string) =>
    `There is no collection ${collection}. List the collections to find the right one.`,
  media: (mediaId: string) => `There is no media file ${mediaId}. List the media files to find the right id.`,
  synonyms: (synonymsId: string) => `There are no synonyms ${synonymsId}. List the synonyms to find the right id.`,
  redirect: (redirectId: string) =>
    `There is no search redirect ${redirectId}. List the search redirects to find the right id.`,
  priceList: (priceListId: string) =>
    `There is no price list ${priceListId}. List the price lists to find the right id.`,
  price: (priceId: string, priceListId: string) =>
    `There is no price ${priceId} in the price list ${priceListId}. List its prices to find the right id.`,
  priceVersion: (priceId: string, version: number) =>
    `There is no version ${version} of the price ${priceId}. Take both from the same price.`,
  import: (importId: string) => `There is no import ${importId}. List the imports to find the right id.`,
};
