import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { depConstraints, specConstraints } from './tools/arrows.mjs';

const DECORATED = ['controller', 'module', 'rows', 'guard', 'pipe', 'interceptor', 'filter'].map(
  (kind) => `**/*.${kind}.ts`,
);
const SPECS = ['**/*.spec.ts', '**/*.contract.ts', '**/src/testing/**'];
const PURE = ['libs/core/**/*.ts', 'libs/formats/**/*.ts'];

const clock = 'the core takes time as an argument (absence 1)';
const impure = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: clock },
    { object: 'Math', property: 'random', message: 'the core takes randomness as an argument (absence 1)' },
  ],
  'no-restricted-globals': ['error', 'globalThis', 'Intl', 'process', 'console', 'setTimeout', 'fetch', 'performance'],
};
const noLocale = {
  selector: "MemberExpression[property.name='localeCompare']",
  message: 'no locale in the core (L5.6)',
};
const noClock = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock };
const noRegex = { selector: 'Literal[regex]', message: 'no regular expression on input (L5.6)' };
const noDecorator = { selector: 'Decorator', message: 'decorators live in files named after them (CONTRIBUTING 10)' };
const noEnum = { selector: 'TSEnumDeclaration', message: 'a union of literals, or a const table' };
const noDefault = { selector: 'ExportDefaultDeclaration', message: 'export by name' };

const boundaries = (depConstraints) => ['error', { depConstraints, enforceBuildableLibDependency: false, allow: [] }];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.custos/**', '**/*.cjs', '**/*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    // One program for all files: a program for each project takes half as much processor time again.
    languageOptions: { parserOptions: { project: ['./tsconfig.lint.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', noEnum, noDefault],
    },
  },
  { files: SPECS, rules: { '@nx/enforce-module-boundaries': boundaries(specConstraints) } },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: [...DECORATED, ...SPECS],
    rules: { 'no-restricted-syntax': ['error', noEnum, noDefault, noDecorator] },
  },
  {
    files: PURE,
    ignores: SPECS,
    rules: { ...impure, 'no-restricted-syntax': ['error', noEnum, noDefault, noDecorator, noLocale, noClock, noRegex] },
  },
  { files: DECORATED, rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
);
