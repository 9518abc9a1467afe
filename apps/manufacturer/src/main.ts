import 'reflect-metadata';
import { runPartner } from '@custos/node-partner';

await runPartner('manufacturer');
