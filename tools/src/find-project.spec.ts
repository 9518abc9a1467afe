import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { callModule } from './call-module.js';
import { root } from './tracked.js';

const projects = ['apps/trace', 'apps/validator', 'libs/core/custody', 'libs/core/chain', 'libs/node/validator'].map(
  (path) => ({ path, name: `@custos/${path.replace('libs/', '').replace('apps', 'app').replace('/', '-')}` }),
);
const find = (word: string) => callModule('find-project.mjs', 'findProject', projects, word);
const project = (path: string) => ({ project: projects.find((each) => each.path === path) });

describe('a project by name', () => {
  it.each(['custody', 'core/custody', 'libs/core/custody/', 'core-custody', '@custos/core-custody', 'Custo'])(
    '%s is libs/core/custody',
    (word) => expect(find(word)).toEqual(project('libs/core/custody')),
  );

  it('lists the projects when a word means several, and the closest when it means none', () => {
    expect(find('validator')).toEqual({ candidates: ['apps/validator', 'node/validator'] });
    expect(find('node/validator')).toEqual(project('libs/node/validator'));
    expect(find('chian')).toMatchObject({ closest: expect.arrayContaining(['core/chain']) as unknown });
  });
});

describe('spec files by name', () => {
  const specs = ['src/a.spec.ts', 'src/total.fuzz.spec.ts', 'src/lanes/a.int.spec.ts', 'src/run.sim.spec.ts'];
  const specsFor = (pattern?: string) => callModule('one-project.mjs', 'specsFor', specs, pattern);

  it('are unit specs first, and those of another suite when only it has some', () => {
    expect(specsFor('a.spec')).toEqual({ suite: 'test', files: ['src/a.spec.ts'], others: [] });
    expect(specsFor('total')).toEqual({ suite: 'test', files: ['src/total.fuzz.spec.ts'], others: [] });
    expect(specsFor('a.int')).toEqual({ suite: 'int', files: ['src/lanes/a.int.spec.ts'], others: [] });
    expect(specsFor('run')).toEqual({ suite: 'sim', files: ['src/run.sim.spec.ts'], others: [] });
  });

  it('of other suites are named when they have the same name', () => {
    expect(specsFor('a.')).toMatchObject({ suite: 'test', others: ['src/lanes/a.int.spec.ts'] });
  });
});

describe('npm run t', () => {
  const t = (...words: readonly string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/start.mjs'), 't', ...words], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };

  it('ends with 2 and the names to choose from when the words mean no specs', () => {
    expect(t('core')).toEqual({ status: 2, stderr: expect.stringContaining('core/bytes, core/chain') as unknown });
    expect(t('costody')).toEqual({ status: 2, stderr: expect.stringContaining('core/custody') as unknown });
    expect(t('custody', 'nothing')).toEqual({
      status: 2,
      stderr: expect.stringContaining('src/transitions/packing.spec.ts') as unknown,
    });
  });
});
