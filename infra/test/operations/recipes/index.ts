import { catalogRecipes, inventoryRecipes, ordersRecipes, walletRecipes } from './shop.ts';
import { customersRecipes, notificationsRecipes } from './people.ts';
import { groupsRecipes } from './groups.ts';
import { paymentsRecipes } from './payments.ts';
import { auditRecipes, eventsRecipes, fraudRecipes } from './events.ts';
import type { Person, Workshop } from '../workshop.ts';
import type { Recipes } from './recipe.ts';

/**
 * What contracts do not tell: which state a thing has to be in, and values that only a person or another operation
 * knows.
 */
export const recipes: Recipes = {
  ...catalogRecipes,
  ...inventoryRecipes,
  ...customersRecipes,
  ...walletRecipes,
  ...ordersRecipes,
  ...paymentsRecipes,
  ...notificationsRecipes,
  ...eventsRecipes,
  ...groupsRecipes,
  ...fraudRecipes,
  ...auditRecipes,
};

/** Operations that only the customer can do, although a key gets in. */
export const byTheOwnerOnly: ReadonlySet<string> = new Set(['customers.changePassword', 'customers.signOut']);

/** Operations on guests. */
const ofGuests: ReadonlySet<string> = new Set(['customers.upgradeGuest']);

/** Whose things an operation acts on: what is done to an account or its messages must not meet the next operation. */
export const ownerFor = async (workshop: Workshop, title: string, shopper: Person): Promise<Person> => {
  if (ofGuests.has(title)) return workshop.person('guest');
  return /^(customers|notifications)\.|^orders\.(claimOrders|linkOrder)$/.test(title) ? workshop.person() : shopper;
};
