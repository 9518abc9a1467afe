import type { Source } from './source-rules.js';

/** A command that a document shows. */
interface CommandLine {
  readonly line: number;
  readonly words: readonly string[];
  /** In running text, where a bare name only mentions the command. */
  readonly isProse: boolean;
}

/** The real commands. */
export interface CommandTable {
  readonly scripts: ReadonlySet<string>;
  /** Usage of each `custos` command, by its name. */
  readonly custos: ReadonlyMap<string, string>;
  /** Sub-commands of each service's `main.js`, by the folder of the service. */
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** Services of docker-compose.yml. */
  readonly containers: ReadonlySet<string>;
}

const SHELL = new Set(['', 'sh', 'bash', 'run']);
/** Scripts of npm that hand their arguments to the `custos` command of the same name. */
const CUSTOS_SCRIPTS = new Set(['demo', 'dev', 'bench', 'conformance']);

function commandLinesOf({ text }: Source): readonly CommandLine[] {
  const found: CommandLine[] = [];
  let language: string | undefined;
  let begun = '';
  text.split('\n').forEach((line, i) => {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence) {
      language = language === undefined ? fence[1] : undefined;
      begun = '';
      return;
    }
    if (language === undefined) {
      for (const [, code] of line.matchAll(/`([^`]+)`/g)) found.push(...wordsOf(code!, i + 1, true));
    } else if (SHELL.has(language)) {
      const whole = begun + line;
      begun = line.endsWith('\\') ? whole.slice(0, -1) : '';
      if (begun === '') found.push(...wordsOf(whole, i + 1, false));
    }
  });
  return found;
}

/** Splits a line into its commands, without comments, redirections and settings before them. */
function wordsOf(text: string, line: number, isProse: boolean): readonly CommandLine[] {
  const commands: string[][] = [[]];
  for (const [word] of text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (word.startsWith('#')) break;
    if (/^(?:\||&&|;)$/.test(word)) commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.flatMap((all) => {
    const end = all.findIndex((word) => /^[<>]/.test(word));
    const words = (end < 0 ? all : all.slice(0, end)).slice(all.findIndex((word) => !/^[A-Z_]+=/.test(word)));
    return words.length === 0 ? [] : [{ line, words, isProse }];
  });
}

/** Commands of a document that do not exist, or are called as they cannot be: `file:line: what`. */
export function wrongCommandLines(document: Source, table: CommandTable): readonly string[] {
  return commandLinesOf(document).flatMap(({ line, words, isProse }) => {
    const fault = faultOf(document.path, words, isProse, table);
    return fault === undefined ? [] : [`${document.path}:${line}: ${fault}: ${words.join(' ')}`];
  });
}

function faultOf(path: string, words: readonly string[], isProse: boolean, table: CommandTable): string | undefined {
  const [first, second, ...rest] = words;
  if (first === 'npx' && second === 'custos') return custosFault(rest, isProse, table);
  if (first === 'custos') return custosFault(words.slice(1), isProse, table);
  if (first === 'npm' && (second === 'run' || second === 'test')) return npmFault(second, rest, isProse, table);
  if (first === 'docker' && second === 'compose') return composeFault(rest, isProse, table);
  const main = words.findIndex((word) => /(?:^|\/)main\.js$/.test(word));
  if (main === 0 || (main > 0 && first === 'node')) return mainFault(path, words[main]!, words.slice(main + 1), table);
  if (isProse && second !== undefined && /^[a-z-]+$/.test(second) && isSubCommand(second, table))
    return table.services.has(first!) ? 'no such command' : undefined;
  return undefined;
}

function isSubCommand(word: string, { services, custos }: CommandTable): boolean {
  return custos.has(word) || [...services.values()].some((names) => names.includes(word));
}

function npmFault(kind: string, rest: readonly string[], isProse: boolean, table: CommandTable): string | undefined {
  if (kind === 'test') return table.scripts.has('test') ? undefined : 'no script test';
  const [name, dashes, ...args] = rest;
  if (name === undefined) return isProse ? undefined : 'no script is named';
  if (!table.scripts.has(name)) return `no script ${name}`;
  if (dashes !== undefined && dashes !== '--') return `"--" is missing before ${dashes}`;
  if (name === 'custos') return custosFault(args, isProse, table);
  if (CUSTOS_SCRIPTS.has(name)) return custosFault([name, ...args], false, table);
  return undefined;
}

function composeFault(args: readonly string[], isProse: boolean, table: CommandTable): string | undefined {
  const [action, ...rest] = args;
  if (action !== 'run' && action !== 'exec') return undefined;
  const at = rest.findIndex((word) => !word.startsWith('-'));
  const service = rest[at];
  if (service === undefined || !table.containers.has(service)) return `no container ${service ?? ''}`;
  return rest[at + 1] === 'custos' ? custosFault(rest.slice(at + 2), isProse, table) : undefined;
}

function mainFault(path: string, main: string, args: readonly string[], table: CommandTable): string | undefined {
  const [, app] = /apps\/([\w-]+)\//.exec(main) ?? /^apps\/([\w-]+)\//.exec(path) ?? [];
  if (app === undefined || args.length === 0) return undefined;
  if (app === 'cli') return custosFault(args, false, table);
  const known = table.services.get(app);
  if (known === undefined) return `no service ${app}`;
  return known.includes(args[0]!) && args.length === 1 ? undefined : `${app} has no command ${args.join(' ')}`;
}

function custosFault(args: readonly string[], isProse: boolean, { custos }: CommandTable): string | undefined {
  const [name, ...rest] = args;
  if (name === undefined) return undefined;
  const usage = custos.get(name);
  if (usage === undefined) return `no command custos ${name}`;
  // A name alone in running text speaks of the command.
  if (rest.length === 0 && isProse) return undefined;
  const [forms, common = ''] = usage.split('; all: ');
  const faults = forms!.split(' | ').map((form) => formFault(`${form} ${common}`, rest));
  return faults.includes(undefined) ? undefined : faults[0];
}

/** Returns the fault of arguments by one form of a usage: `new --out FILE`, `[--json]`, `hash|validate [FILE...]`. */
function formFault(form: string, args: readonly string[]): string | undefined {
  const options = new Map([...form.matchAll(/(--[\w-]+)( [A-Z]\S*)?/g)].map(([, name, value]) => [name!, value]));
  const positionals: string[] = [];
  const given = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const [name, value] = args[i]!.split(/=(.*)/s);
    if (!name!.startsWith('--')) positionals.push(args[i]!);
    else if (!options.has(name!)) return `no option ${name}`;
    else {
      given.add(name!);
      if (options.get(name!) !== undefined && value === undefined && args[++i] === undefined)
        return `${name} needs a value`;
    }
  }
  const required = form.replace(/\[[^\]]*\]/g, '');
  const missing = [...required.matchAll(/--[\w-]+/g)].find(([name]) => !given.has(name));
  if (missing) return `${missing[0]} is missing`;
  const withoutOptions = (text: string) => text.replace(/--[\w-]+( [A-Z]\S*)?/g, '').trim();
  const wanted = withoutOptions(required).split(/\s+/).filter(Boolean);
  for (const [i, want] of wanted.entries()) {
    const word = positionals[i];
    if (word === undefined) return `${want} is missing`;
    if (/^[a-z|]+$/.test(want) && !want.split('|').includes(word)) return `${word} is not one of ${want}`;
  }
  const optional = [...form.matchAll(/\[([^\]-][^\]]*)\]/g)].map(([, text]) => text!);
  const most = optional.some((text) => text.endsWith('...')) ? Infinity : wanted.length + optional.length;
  return positionals.length > most ? `${positionals[most]} is too much` : undefined;
}
