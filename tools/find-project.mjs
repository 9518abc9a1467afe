// Finds the project that a word on the command line means: `core/custody`, `custody`, `@custos/core-custody`.

/** Number of names that are offered for a word which means none. */
const OFFERED = 3;

/** Returns `{ project }`, or `{ candidates }` when the word means several, or `{ closest }` when it means none. */
export function findProject(projects, word) {
  const wanted = word.toLowerCase().replace(/\/$/, '');
  const last = (path) => path.split('/').at(-1);
  const meanings = [
    ({ path, name }) => path === wanted || name === wanted,
    ({ path, name }) => (wanted.includes('/') && path.endsWith(`/${wanted}`)) || name === `@custos/${wanted}`,
    ({ path }) => last(path) === wanted,
    ({ path, name }) => path.includes(wanted) || name.replace('@custos/', '').includes(wanted),
  ];
  for (const means of meanings) {
    const found = projects.filter(means);
    if (found.length === 1) return { project: found[0] };
    if (found.length > 1) return { candidates: found.map(shortName) };
  }
  const byDistance = projects
    .map((project) => ({ name: shortName(project), far: distance(wanted, last(project.path)) }))
    .sort((a, b) => a.far - b.far);
  return { closest: byDistance.slice(0, OFFERED).map(({ name }) => name) };
}

/** Returns the shortest name that is its own: `core/custody`, `apps/trace`. */
export function shortName({ path }) {
  return path.replace(/^libs\//, '');
}

/** @throws Error with the names to choose from, when the word does not mean one project. */
export function oneProject(projects, word) {
  const { project, candidates, closest } = findProject(projects, word);
  if (project !== undefined) return project;
  const message = candidates
    ? `${word} means several projects: ${candidates.join(', ')}`
    : `no project ${word}; the closest: ${closest.join(', ')}`;
  throw Object.assign(new Error(message), { exitCode: 2 });
}

/** Returns the number of letters to insert, remove or replace. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
