import t from 'tap'
import { foreignOwner } from '../../../src/model/config/foreign-mounts.ts'

t.test('who mounts a hugetlbfs by himself', async (t) => {
  const owners: Readonly<Record<string, string | undefined>> = {
    '/dev/hugepages': 'systemd',
    '/dev/hugepages/x': 'systemd',
    '/dev/hugepages1G': undefined,
    '/run/hugepages/kvm': 'the package of QEMU',
    '/var/lib/kubelet/pods/x': 'the kubelet',
    '/var/lib/docker/x': 'Docker',
    '/var/lib/containers/storage': 'Podman',
    '/var/lib/containerd/x': 'containerd',
    '/run/containerd/x': 'containerd',
    '/var/lib/lxc/a': 'LXC',
    '/var/lib/machines/a': 'systemd-nspawn',
    '/mnt/huge': undefined,
    '/': undefined,
  }
  for (const [target, owner] of Object.entries(owners)) t.equal(foreignOwner(target), owner, target)
})
