// Lints texts as if they stood at given paths: `[{ path, code }]` on standard input, a list of rule ids for
// each on standard output. A process of its own, because ESLint loads its configuration as an ES module.
import { text } from 'node:stream/consumers';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

// What others say on the way is not part of the answer.
console.log = console.error;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// These need the compiler's types, which text without a file does not have.
const typed = ['no-floating-promises', 'no-misused-promises', 'switch-exhaustiveness-check'];
const off = Object.fromEntries(typed.map((rule) => [`@typescript-eslint/${rule}`, 'off']));
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } }, rules: off },
});

const answers = [];
for (const { path, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  answers.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(answers));
