import { COMMANDS } from './commands.js';
import { UsageError } from './arguments.js';

const [name = 'help', ...rest] = process.argv.slice(2);
const command = COMMANDS.get(name);
if (!command) {
  console.error(`custos: no command ${name}; "custos help" lists them`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command.run(rest);
  } catch (error) {
    console.error(`custos ${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof UsageError) console.error(`usage: custos ${name} ${command.usage}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
