import { hasLicence, type LicenceKind, type Party, type Role } from '@custos/core-registry';

/** The names of the capabilities of parties. The rows of the law decide whether one applies to a given unit. */
const CAPABILITY_NAMES = [
  'register-product',
  'commission',
  'pack',
  'ship',
  'sell',
  'receive',
  'return',
  'hold',
  'dispense',
  'sample',
  'end',
  'transform',
  'introduce',
  'recall',
  'withdraw',
  'correct',
  'record',
  'verify',
  'read-own',
  'read-all',
] as const;
/** One of {@link CAPABILITY_NAMES}. */
export type Capability = (typeof CAPABILITY_NAMES)[number];

/** The licences and the capabilities of one role. */
export interface RoleCapabilities {
  /**
   * The kinds of licence of which one must be in force for selling, dispensing and receiving medicines. Empty when none
   * is needed.
   */
  readonly licences: readonly LicenceKind[];
  readonly capabilities: readonly Capability[];
}

// R: any possessor packs, ships, receives, returns and holds. A role adds the capabilities of its trade.
const POSSESSOR = [
  'pack',
  'ship',
  'receive',
  'return',
  'hold',
  'end',
  'correct',
  'record',
  'verify',
  'read-own',
] as const;

const role = (licences: readonly LicenceKind[], ...added: readonly Capability[]): RoleCapabilities => ({
  licences,
  capabilities: [...POSSESSOR, ...added],
});

/**
 * R: the capabilities of each role. Three readers use this one table: the law, the routes of the partner service, and
 * the buttons of the web.
 */
export const CAPABILITIES: Readonly<Record<Role, RoleCapabilities>> = {
  manufacturer: role(
    ['manufacturing'],
    'register-product',
    'commission',
    'sell',
    'transform',
    'recall',
    'withdraw',
    'introduce',
  ),
  cmo: role(['manufacturing'], 'commission', 'sell', 'transform'),
  repackager: role(
    ['manufacturing'],
    'register-product',
    'commission',
    'sell',
    'transform',
    'recall',
    'withdraw',
    'introduce',
  ),
  importer: role(
    ['importing', 'manufacturing'],
    'register-product',
    'commission',
    'sell',
    'recall',
    'withdraw',
    'introduce',
  ),
  distributor: role(['wholesale'], 'sell', 'sample', 'introduce'),
  '3pl': role(['wholesale'], 'sell', 'introduce'),
  pharmacy: role(['dispensing'], 'dispense', 'introduce'),
  hospital: role(['dispensing'], 'dispense', 'introduce'),
  supplier: role(['dispensing'], 'dispense', 'introduce'),
  prescriber: role([]),
  regulator: role([], 'sample', 'recall', 'withdraw', 'read-all'),
  laboratory: role([], 'sample'),
  disposer: role(['disposal']),
  'returns-processor': role(['disposal'], 'sell'),
  insurer: { licences: [], capabilities: ['verify', 'read-own'] },
  foreign: role([], 'sell'),
};

/** Returns the roles of the party that have the capability, without a check of licences. */
export function rolesFor(party: Party, capability: Capability): readonly Role[] {
  return party.roles.filter((one) => CAPABILITIES[one].capabilities.includes(capability));
}

/** Reports whether a role of the party has the capability, without a check of licences. */
export function may(party: Party, capability: Capability): boolean {
  return rolesFor(party, capability).length > 0;
}

/**
 * Reports whether a role of the party has the capability and a licence behind that role is in force at block time `at`,
 * in milliseconds since 1970 (T2).
 */
export function isLicensed(party: Party, capability: Capability, at: number): boolean {
  return rolesFor(party, capability).some((one) => {
    const { licences } = CAPABILITIES[one];
    return licences.length === 0 || licences.some((kind) => hasLicence(party, kind, at));
  });
}

/** Returns the capabilities of all these roles together. Routes are mounted from them. */
export function capabilitiesOf(roles: readonly Role[]): readonly Capability[] {
  return CAPABILITY_NAMES.filter((name) => roles.some((one) => CAPABILITIES[one].capabilities.includes(name)));
}
