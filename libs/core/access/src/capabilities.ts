import { hasLicence, type LicenceKind, type Party, type Role } from '@custos/core-registry';

/** What a party may do. Whether it may do it to a given unit is for the rows of the law. */
export const CAPABILITY_NAMES = [
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
export type Capability = (typeof CAPABILITY_NAMES)[number];

export interface RoleCapabilities {
  /** One of these, in force, backs selling, dispensing and receiving medicines; none listed = none needed. */
  readonly licences: readonly LicenceKind[];
  readonly capabilities: readonly Capability[];
}

// R: any possessor packs, ships, receives, returns and holds; what is added is the trade of the role.
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

/** R: one table, three readers: the law, the routes of the partner service, the buttons of the web. */
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

/** Roles of the party that have the capability, whatever their licences. */
export function rolesFor(party: Party, capability: Capability): readonly Role[] {
  return party.roles.filter((one) => CAPABILITIES[one].capabilities.includes(capability));
}

export function may(party: Party, capability: Capability): boolean {
  return rolesFor(party, capability).length > 0;
}

/** One of its roles has the capability, and the licence behind that role is in force at block time (T2). */
export function isLicensed(party: Party, capability: Capability, at: number): boolean {
  return rolesFor(party, capability).some((one) => {
    const { licences } = CAPABILITIES[one];
    return licences.length === 0 || licences.some((kind) => hasLicence(party, kind, at));
  });
}

/** Capabilities of a party's roles taken together: what routes are mounted from. */
export function capabilitiesOf(roles: readonly Role[]): readonly Capability[] {
  return CAPABILITY_NAMES.filter((name) => roles.some((one) => CAPABILITIES[one].capabilities.includes(name)));
}
