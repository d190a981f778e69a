import { isWithin } from '../etc/path-parts.ts'

/** Directories on which others mount hugetlbfs by themselves, and who does. */
const owners: readonly (readonly [directory: string, owner: string])[] = [
  ['/dev/hugepages', 'systemd'],
  ['/run/hugepages', 'the package of QEMU'],
  ['/var/lib/kubelet', 'the kubelet'],
  ['/var/lib/docker', 'Docker'],
  ['/var/lib/containers', 'Podman'],
  ['/var/lib/containerd', 'containerd'],
  ['/run/containerd', 'containerd'],
  ['/var/lib/lxc', 'LXC'],
  ['/var/lib/machines', 'systemd-nspawn'],
]

/**
 * Names who mounts a hugetlbfs on a directory without being told by an administrator; undefined
 * where nobody does.
 */
export const foreignOwner = (target: string): string | undefined =>
  owners.find(([directory]) => isWithin(target, directory))?.[1]
