import { catalogContract } from '../../microservices/catalog/contract.ts';
import { defineFace } from '../form/face.ts';
import { catalogPickers } from './pickers.ts';

export const catalogFace = defineFace(catalogContract, {
  pickers: catalogPickers,
  resources: {
    product: {
      operations: {
        get: 'getProduct',
        getBySlug: { calls: 'getProductBySlug', action: 'Get product by slug' },
        getMany: { calls: 'listProducts', action: 'Get many products' },
        search: { calls: 'searchProducts', prominent: ['query'] },
        create: { calls: 'createProduct', prominent: ['variants'], subject: ['title'] },
        update: 'updateProduct',
        submit: 'submitProduct',
        reject: { calls: 'rejectProduct', action: 'Reject product' },
        publish: 'publishProduct',
        archive: 'archiveProduct',
        restore: 'restoreProduct',
        checkCompleteness: { calls: 'getCompleteness', action: 'Check completeness of product' },
      },
    },
    variant: {
      operations: {
        get: 'getVariant',
        getBySku: { calls: 'getVariantBySku' },
        getMany: { calls: 'listVariants', action: 'Get many variants' },
        add: { calls: 'addVariant', fresh: ['sku'] },
        update: 'updateVariant',
        delete: { calls: 'removeVariant', action: 'Delete variant' },
      },
    },
    category: {
      operations: {
        get: 'getCategory',
        getMany: { calls: 'listCategories', action: 'Get many categories' },
        create: { calls: 'createCategory', subject: ['title'] },
        update: { calls: 'updateCategory' },
        delete: 'deleteCategory',
      },
    },
    collection: {
      operations: {
        get: 'getCollection',
        getBySlug: { calls: 'getCollectionBySlug', action: 'Get collection by slug' },
        getMany: { calls: 'listCollections', action: 'Get many collections' },
        create: { calls: 'createCollection', prominent: ['conditions'], subject: ['title'] },
        update: 'updateCollection',
        delete: 'deleteCollection',
        addProducts: { calls: 'addToCollection' },
        removeProducts: { calls: 'removeFromCollection' },
        moveProducts: { calls: 'moveInCollection' },
        preview: { calls: 'previewConditions', action: 'Preview conditions of collection' },
      },
    },
    media: {
      name: 'Media File',
      operations: {
        get: 'getMedia',
        getMany: { calls: 'listMedia', action: 'Get many media files' },
        upload: { calls: 'uploadMedia' },
        update: 'updateMedia',
        delete: 'deleteMedia',
      },
    },
    synonymGroup: {
      operations: {
        getMany: { calls: 'listSynonyms', action: 'Get many synonyms' },
        create: { calls: 'createSynonyms' },
        update: 'updateSynonyms',
        delete: 'deleteSynonyms',
      },
    },
    searchRedirect: {
      operations: {
        getMany: { calls: 'listSearchRedirects', action: 'Get many search redirects' },
        create: { calls: 'createSearchRedirect' },
        update: 'updateSearchRedirect',
        delete: 'deleteSearchRedirect',
      },
    },
    attribute: {
      operations: {
        getMany: { calls: 'listAttributes', action: 'Get many attributes' },
        upsert: { calls: 'defineAttribute', name: 'Create or Update', action: 'Create or update attribute' },
      },
    },
    family: {
      name: 'Product Family',
      operations: {
        getMany: { calls: 'listFamilies', action: 'Get many product families' },
        upsert: { calls: 'defineFamily', name: 'Create or Update', action: 'Create or update product family' },
      },
    },
    priceList: {
      operations: {
        get: 'getPriceList',
        getMany: { calls: 'listPriceLists', action: 'Get many price lists' },
        create: 'createPriceList',
        update: 'updatePriceList',
      },
    },
    price: {
      operations: {
        getMany: { calls: 'listPrices', action: 'Get many prices' },
        getHistory: { calls: 'getPriceHistory' },
        getSnapshot: { calls: 'getPriceSnapshot' },
        resolve: { calls: 'resolvePrices' },
        set: { calls: 'setPrice' },
        setMany: { calls: 'setPrices' },
        delete: { calls: 'removePrice', action: 'Delete price' },
      },
    },
    shop: { operations: { get: { calls: 'getShop', action: 'Get currency and language of shop' } } },
    import: {
      operations: {
        start: { calls: 'importProducts', action: 'Start an import of products from CSV' },
        resume: 'resumeImport',
        get: 'getImport',
        getMany: { calls: 'listImports', action: 'Get many imports' },
        getRejectedRows: { calls: 'listRejectedRows', action: 'Get rejected rows of import' },
      },
    },
  },
});
