import 'reflect-metadata';
import { runValidator } from '@custos/node-validator/process';

await runValidator();
