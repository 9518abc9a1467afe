import type { Ask } from './versions.js';

/** Programs that hold a container's published ports on the host. They belong to the engine and are not to be stopped. */
const PORT_PROXIES = /(?:^|\/)(?:docker-proxy|com\.docker\.backend|rootlesskit|rootlessport|conmon|gvproxy)(?:\s|$)/;
/** The image of the services in docker-compose.yml and deploy/member. */
const OWN_IMAGE = 'custos';

/** A container that publishes a port of this machine. */
export interface Container {
  readonly name: string;
  /** It runs the services' own image. */
  readonly isOurs: boolean;
}

/** Returns whether a process holds ports for containers. */
export function isPortProxy(command: string): boolean {
  return PORT_PROXIES.test(command);
}

/** Returns the container that publishes a port; undefined where none does, or no engine answers. */
export function containerAt(port: number, ask: Ask): Container | undefined {
  const format = '{{.Names}}\t{{.Image}}';
  const answer = ask('docker', ['ps', '--filter', `publish=${port}`, '--format', format]);
  const [name, image = ''] = answer?.trim().split('\n')[0]?.split('\t') ?? [];
  return name ? { name, isOurs: image.split(':')[0] === OWN_IMAGE } : undefined;
}

/** Returns the place inside its container that a docker-proxy leads to, as its own arguments say; '' for another program. */
export function proxyTarget(command: string): string {
  const [, ip] = /-container-ip (\S+)/.exec(command) ?? [];
  const [, port] = /-container-port (\d+)/.exec(command) ?? [];
  return ip && port ? ` at ${ip}:${port}` : '';
}
