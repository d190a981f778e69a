import t from 'tap'
import { containerName } from '../../../../src/model/processes/who/container-name.ts'

const id = '3f4e5a6b7c8d'.padEnd(64, '0')

const known: Readonly<Record<string, string | undefined>> = {
  [`/system.slice/docker-${id}.scope`]: 'docker:3f4e5a6b7c8d',
  [`/docker/${id}`]: 'docker:3f4e5a6b7c8d',
  '/docker/buildkit/xyz': 'docker:xyz',
  [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b2c3d_0000_0000_0000_0123456789ab.slice/cri-containerd-${id}.scope`]:
    'containerd:3f4e5a6b7c8d',
  [`/kubepods/burstable/pod0a1b2c3d-0000-0000-0000-0123456789ab/${id}`]: undefined,
  [`/system.slice/crio-${id}.scope`]: 'cri-o:3f4e5a6b7c8d',
  [`/machine.slice/libpod-${id}.scope/container`]: 'podman:3f4e5a6b7c8d',
  [`/machine.slice/libpod-conmon-${id}.scope`]: undefined,
  '/lxc.payload.web/system.slice/nginx.service': 'lxc:web',
  '/lxc/outer/lxc/inner': 'lxc:inner',
  '/lxc.monitor.web': undefined,
  '/machine.slice/machine-qemu\\x2d1\\x2dvm\\x2done.scope': 'qemu:vm-one',
  '/machine.slice/systemd-nspawn@box.service/payload': 'nspawn:box',
  '/qemu.slice/101.scope': 'qemu:101',
  '/libpod_parent/abc': 'podman:abc',
  '/lxc/plain': 'lxc:plain',
  '/lxc.payload/plain': 'lxc:plain',
  '/buildkit/abc': 'docker:abc',
  '/lxc.payload/web/a.service': 'lxc:web',
  '/machine.slice/machine-box.scope': 'machine:box',
  '/machine.slice/machine-qemu\\x2d1\\x2dvm.scopes': undefined,
  '/x-machine-qemu\\x2d1\\x2dvm.scope': 'x-machine-qemu-1-vm.scope',
  '/systemd-nspawn@box.services': undefined,
  '/x-systemd-nspawn@box.service': 'x-systemd-nspawn@box.service',
  '/system.slice/fio.service': 'fio.service',
  '/user.slice/user-0.slice/session-1.scope': 'session-1.scope',
  '/': undefined,
}

t.test('the last part that a runtime made tells the container', async (t) => {
  for (const [group, name] of Object.entries(known)) {
    if (group.includes('burstable/pod'))
      t.equal(containerName(`0::${group}\n`), 'pod:3f4e5a6b7c8d', group)
    else t.equal(containerName(`0::${group}\n`), name, group)
  }
})

t.test('hierarchies of version 1 tell it where version 2 does not', async (t) => {
  const text = `12:cpu,hugetlb:/docker/${id}\n1:name=systemd:/system.slice/x.service\n0::/\n`
  t.equal(containerName(text), 'docker:3f4e5a6b7c8d')
  t.equal(containerName('1:name=systemd:/system.slice/x.service\n0::/\n'), 'x.service')
  t.equal(containerName(''), undefined)
  t.equal(containerName('x3:hugetlb:/a.service\nx1:name=systemd:/b.service\n'), undefined)
  t.equal(containerName('x0::/a.service\n'), undefined)
  t.equal(containerName('3:hugetlbfs:/a.service\n'), undefined)
  t.equal(containerName('3:hugetlb,cpu:/a.service\n'), 'a.service')
  t.equal(containerName('2:cpu:/x\r0::/b.service\n0::/a.service\n'), 'a.service')
})
