import type { FastifyInstance } from 'fastify';
import type { Route as Contract } from '@custos/formats-api';

/**
 * Collects the routes that are registered from now on. The function that it returns compares them with the contracts
 * that the service documents. @throws Error naming each route without a documented contract, and each contract that is
 * not mounted.
 */
export function watchMounting(http: FastifyInstance, contracts: readonly Contract[]): () => void {
  const documented = new Set(contracts);
  const mounted = new Set<Contract>();
  const faults: string[] = [];
  http.addHook('onRoute', ({ method, url, config }) => {
    // Fastify adds HEAD to each GET.
    if (method === 'HEAD') return;
    const contract = config?.contract;
    if (!contract || !documented.has(contract)) faults.push(`${String(method)} ${url} has no documented contract`);
    else if (mounted.has(contract)) faults.push(`${contract.name} is mounted twice`);
    else mounted.add(contract);
  });
  return () => {
    const missing = contracts.filter((contract) => !mounted.has(contract));
    const all = [...faults, ...missing.map(({ name }) => `${name} is documented and not mounted`)];
    if (all.length > 0) throw new Error(`routes and contracts differ: ${all.join('; ')}`);
  };
}
