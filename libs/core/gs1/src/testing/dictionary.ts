import type { ApplicationIdentifier } from '../application-identifiers/ai.js';

/** Parses GS1's Syntax Dictionary, as its header describes it, into the shape of the table. */
export function aiRows(text: string): readonly ApplicationIdentifier[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [body = '', title = ''] = line.split(/ # ?(.*)$/);
      const [ais = '', ...words] = body.split(/\s+/).filter((word) => word !== '');
      const flags = /^[*?]+$/.test(words[0] ?? '') ? words.shift()! : '';
      const components = words.filter((word) => /^\[?[NXYZ][.\d]/.test(word)).map(componentOf);
      const rules = words.filter((word) => !/^\[?[NXYZ][.\d]/.test(word)).map((word) => word.split('='));
      const valuesOf = (name: string) => rules.filter(([key]) => key === name).map(([, value = '']) => value);
      const keys = valuesOf('dlpkey');
      const shape = {
        title: title.trim(),
        components,
        maxLength: components.reduce((sum, { max }) => sum + max, 0),
        fixed: flags.includes('*'),
        attribute: flags.includes('?'),
        ...(keys.length > 0 && {
          qualifiers: keys[0]!.split('|').map((sequence) => sequence.split(',').filter((ai) => ai !== '')),
        }),
        required: valuesOf('req').map((value) => value.split(',').map((set) => set.split('+'))),
        excluded: valuesOf('ex').flatMap((value) => value.split(',')),
      };
      return rangeOf(ais).map((ai) => ({ ai, ...shape }) as ApplicationIdentifier);
    });
}

function componentOf(word: string) {
  const [shape = '', ...checks] = word.replace(/[[\]]/g, '').split(',');
  const variable = shape.includes('..');
  const max = Number(shape.slice(variable ? 3 : 1));
  return { set: shape[0]!.toLowerCase(), min: variable ? 1 : max, max, optional: word.startsWith('['), checks };
}

function rangeOf(ais: string): readonly string[] {
  const [first = '', last = first] = ais.split('-');
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) =>
    String(Number(first) + i).padStart(first.length, '0'),
  );
}
