import { isUri } from '@custos/core-gs1';
import { ownerOf } from './word-owner.js';

interface Vocabulary {
  /** Name of the vocabulary in URNs: `urn:epcglobal:cbv:bizstep:shipping`. It differs from `web` in case only. */
  readonly urn: string;
  /** Name of the vocabulary in web addresses: `https://ref.gs1.org/cbv/BizStep-shipping`. */
  readonly web: string;
  readonly words: ReadonlySet<string>;
}

function vocabulary(urn: string, web: string, words: string): Vocabulary {
  return { urn, web, words: new Set(words.split(' ')) };
}

// CBV 2.0, 7.1 to 7.6.
const VOCABULARIES = {
  bizStep: vocabulary(
    'bizstep',
    'BizStep',
    'accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting ' +
      'decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting ' +
      'installing killing loading other packing picking receiving removing repackaging repairing replacing reserving ' +
      'retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting ' +
      'unloading unpacking void_shipping',
  ),
  disposition: vocabulary(
    'disp',
    'Disp',
    'active available completeness_inferred completeness_verified conformant container_closed container_open damaged ' +
      'destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance ' +
      'mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed ' +
      'recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown',
  ),
  bizTransaction: vocabulary(
    'btt',
    'BTT',
    'bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt',
  ),
  sourceOrDestination: vocabulary('sdt', 'SDT', 'owning_party possessing_party location'),
  errorReason: vocabulary('er', 'ER', 'did_not_occur incorrect_data'),
  component: vocabulary(
    'comp',
    'Comp',
    'x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude ' +
      'longitude altitude',
  ),
} as const satisfies Record<string, Vocabulary>;

/** The name of a vocabulary of the CBV. */
export type VocabularyName = keyof typeof VOCABULARIES;

/**
 * Returns the bare word for every form and spelling of a CBV word (S4). A URI outside the namespaces of GS1 stays
 * unchanged, character by character. Returns undefined for a bare word, or a word in a namespace of GS1, that this
 * vocabulary does not have.
 */
export function wordOf(name: VocabularyName, text: string): string | undefined {
  const { urn, words } = VOCABULARIES[name];
  if (words.has(text)) return text;
  const owner = ownerOf(text);
  if (owner?.kind !== 'gs1') return owner && text;
  return owner.vocabulary === urn && words.has(owner.word) ? owner.word : undefined;
}

const CBV_WEB = 'https://ref.gs1.org/cbv/';

/** Returns the web address by which the event hash replaces a bare word; any other text stays unchanged. */
export function webForm(name: VocabularyName, word: string): string {
  return VOCABULARIES[name].words.has(word) ? `${CBV_WEB}${VOCABULARIES[name].web}-${word}` : word;
}

// Measurement types of the GS1 web vocabulary.
const MEASUREMENTS: ReadonlySet<string> = new Set(
  (
    'AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance ' +
    'AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance ' +
    'Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ' +
    'ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency ' +
    'Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux ' +
    'LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate ' +
    'MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux ' +
    'RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed ' +
    'SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction ' +
    'VolumetricFlux Wavenumber'
  ).split(' '),
);
const ALERTS: ReadonlySet<string> = new Set(['ALARM_CONDITION', 'ERROR_CONDITION']);

/** The namespace of the GS1 web vocabulary in the ratified context 2.0.0. */
export const GS1_VOC = 'https://gs1.org/voc/';
const GS1_PREFIX = 'gs1:';

/** Returns whether the text is a measurement type of GS1, with or without the prefix `gs1:`, or a URI. */
export function isMeasurement(text: string): boolean {
  return isVocWord(text, MEASUREMENTS);
}

/** Returns whether the text is an alert type of GS1, with or without the prefix `gs1:`, or a URI. */
export function isAlert(text: string): boolean {
  return isVocWord(text, ALERTS);
}

function isVocWord(text: string, words: ReadonlySet<string>): boolean {
  return words.has(text.startsWith(GS1_PREFIX) ? text.slice(GS1_PREFIX.length) : text) || isUri(text);
}

/** Returns the web address by which the event hash replaces the word of a sensor; any other text stays unchanged. */
export function vocForm(text: string): string {
  const word = text.startsWith(GS1_PREFIX) ? text.slice(GS1_PREFIX.length) : text;
  return MEASUREMENTS.has(word) || ALERTS.has(word) ? GS1_VOC + word : text;
}
