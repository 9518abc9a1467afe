import { readFileSync } from 'node:fs';

/** One setting: the variable it comes from, how its text is read, and what holds when it is absent. */
export interface Setting<T> {
  readonly variable: string;
  readonly about: string;
  /** The value, or undefined when the text is wrong; `expected` says what is right. */
  readonly read: (text: string) => T | undefined;
  readonly expected: string;
  /** Absent: the setting is required. */
  readonly fallback?: T;
  /** A variable that may name a file with the text instead: an environment is seen by more than who reads a file. */
  readonly fileVariable?: string;
}

/** The faults of the environment, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The settings of a process by name, each with its variable and its reader. */
export type Settings<T> = { readonly [K in keyof T]: Setting<T[K]> };

/** Reads the environment once, whole; throws {@link ConfigError} naming every variable that is wrong. */
export function readConfig<T extends object>(
  settings: Settings<T>,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<T> {
  const config: Partial<T> = {};
  const wrong: string[] = [];
  for (const name of Object.keys(settings) as (keyof T)[]) {
    const { variable, about, read, expected, fallback } = settings[name];
    const text = textOf(settings[name], environment);
    const value = text === undefined || text === '' ? fallback : read(text);
    if (value === undefined) wrong.push(`${variable}: ${about}; set it to ${expected}`);
    else config[name] = value;
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return Object.freeze(config as T);
}

function textOf(
  { variable, fileVariable }: Setting<unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = fileVariable && environment[fileVariable];
  if (!file || environment[variable]) return environment[variable];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** A text that holds a secret: in the variable, or in the file that `<variable>_FILE` names. */
export function secret(variable: string, about: string): Setting<string> {
  const fileVariable = `${variable}_FILE`;
  return { ...text(variable, about), fileVariable, expected: `a text, or ${fileVariable} to a file with it` };
}

/** Returns the setting of where the lanes are: the folder of CUSTOS_LANES where it names one, else the brokers. */
export function lanesSetting(environment: Readonly<Record<string, string | undefined>>): Setting<string> {
  const { CUSTOS_LANES: kind = 'kafka' } = environment;
  if (kind === 'kafka' || kind === '') return text('CUSTOS_KAFKA', 'brokers, host:port');
  return {
    variable: 'CUSTOS_LANES',
    about: 'what carries the lanes',
    expected: 'file:/folder for files of this machine, or kafka with the brokers in CUSTOS_KAFKA',
    read: (value) => (/^file:./.test(value) ? value : undefined),
  };
}

/** Creates a setting that is any text. */
export function text(variable: string, about: string, fallback?: string): Setting<string> {
  return { variable, about, expected: 'a text', fallback, read: (value) => value };
}

const MAX_PORT = 65_535;

/** Creates a setting that is a TCP port, 0 to 65,535. */
export function port(variable: string, about: string, fallback?: number): Setting<number> {
  return {
    variable,
    about,
    expected: `a port, 0 to ${MAX_PORT}`,
    fallback,
    read: (value) => whole(value, 0, MAX_PORT),
  };
}

/** Creates a setting that is a whole number of milliseconds. */
export function milliseconds(variable: string, about: string, fallback?: number): Setting<number> {
  return { variable, about, expected: 'whole milliseconds', fallback, read: (value) => whole(value, 0, 86_400_000) };
}

/** A whole number within limits. */
export function count(
  variable: string,
  about: string,
  least: number,
  most: number,
  fallback?: number,
): Setting<number> {
  const expected = `a whole number, ${least} to ${most}`;
  return { variable, about, expected, fallback, read: (value) => whole(value, least, most) };
}

/** Creates a setting that is one of some words. */
export function oneOf<const T extends string>(
  variable: string,
  about: string,
  words: readonly T[],
  fallback?: T,
): Setting<T> {
  return {
    variable,
    about,
    expected: `one of ${words.join(', ')}`,
    fallback,
    read: (value) => words.find((word) => word === value),
  };
}

/** A whole number of these bounds, or nothing. */
export function whole(value: string, min: number, max: number): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
}
