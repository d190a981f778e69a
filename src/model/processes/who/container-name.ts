import { asOctets, textOf } from '../../etc/octets.ts'

/** An identity of 64 digits is shown by its first twelve, as docker(1) shows it. */
const shownDigits = 12

const identity = '[0-9a-f]{64}'

/** A layout of the last part of a cgroup's path that names a container, and how its name is shown. */
interface GroupLayout {
  readonly pattern: RegExp
  /** The runtime before the name; absent where the name says enough. */
  readonly runtime?: string
}

/**
 * The layouts of the runtimes, tried in this order on every part of the path from its end. A monitor
 * of a container, such as conmon, stands beside it and is none.
 */
const layouts: readonly GroupLayout[] = [
  { pattern: /^(?:libpod-conmon-|crio-conmon-|lxc\.monitor)/ },
  { pattern: new RegExp(`^docker-(${identity})\\.scope$`), runtime: 'docker' },
  {
    pattern: new RegExp(`(?:cri-containerd-|nerdctl-|:cri-containerd:)(${identity})(?:\\.scope)?$`),
    runtime: 'containerd',
  },
  { pattern: new RegExp(`^crio-(${identity})(?:\\.scope)?$`), runtime: 'cri-o' },
  { pattern: new RegExp(`^libpod-(${identity})(?:\\.scope)?$`), runtime: 'podman' },
  { pattern: /^lxc\.payload[./](.+)$/, runtime: 'lxc' },
  { pattern: /^machine-qemu-\d+-(.+)\.scope$/, runtime: 'qemu' },
  { pattern: /^systemd-nspawn@(.+)\.service$/, runtime: 'nspawn' },
  { pattern: /^machine-(.+)\.scope$/, runtime: 'machine' },
]

/** A part without a sign of its runtime is known by the part before it. */
const parents: Readonly<Record<string, string>> = {
  docker: 'docker',
  buildkit: 'docker',
  libpod_parent: 'podman',
  lxc: 'lxc',
  'lxc.payload': 'lxc',
  'qemu.slice': 'qemu',
}

/** systemd writes `-` within a name as `\x2d` (systemd.unit(5)). */
const withoutUnitEscapes = (name: string): string =>
  name.replaceAll(/\\x([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )

const whole = new RegExp(`^${identity}$`)

const shortened = (name: string): string => (whole.test(name) ? name.slice(0, shownDigits) : name)

const namedBy = (runtime: string, name: string): string => `${runtime}:${shortened(name)}`

const ofLayout = (part: string): string | undefined => {
  for (const { pattern, runtime } of layouts) {
    const found = pattern.exec(part)
    if (found === null) continue
    return runtime === undefined ? '' : namedBy(runtime, found[1] ?? '')
  }
  return undefined
}

const ofParent = (part: string, before: string): string | undefined => {
  const runtime = parents[before]
  if (runtime !== undefined && !part.endsWith('.slice'))
    return namedBy(runtime, part.replace(/\.scope$/, ''))
  const isPod = /^(?:kubepods-.*)?pod[0-9a-f][0-9a-f_-]{31,}(?:\.slice)?$/.test(before)
  return isPod && whole.test(part) ? namedBy('pod', part) : undefined
}

const ofUnit = (part: string): string | undefined =>
  /\.(?:service|scope)$/.test(part) ? part : undefined

const layoutOf = (group: string): string | undefined => {
  const parts = group
    .split('/')
    .filter((part) => part !== '')
    .map(withoutUnitEscapes)
  for (const find of [ofLayout, ofParent, ofUnit])
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      const found = find(parts[at] ?? '', parts[at - 1] ?? '')
      if (found !== undefined) return found === '' ? undefined : found
    }
  return undefined
}

/**
 * The lines of /proc/PID/cgroup (cgroups(7)) in the order in which they tell most. The name of a group
 * can have a carriage return in it, but no newline.
 */
const hierarchies = [
  /(?:^|\n)0::([^\n]*)/,
  /(?:^|\n)\d+:(?:[^:\n]*,)?hugetlb(?:,[^:\n]*)?:([^\n]*)/,
  /(?:^|\n)\d+:name=systemd:([^\n]*)/,
]

/**
 * The name of the container, virtual machine or unit that a process is in, from the text of its
 * /proc/PID/cgroup. Undefined for a process in none.
 */
export const containerName = (text: string): string | undefined => {
  for (const line of hierarchies) {
    const group = line.exec(text)?.[1]
    const found = group === undefined ? undefined : layoutOf(textOf(asOctets(group)))
    if (found !== undefined) return found
  }
  return undefined
}
