export const pages = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
export const giganticPages = '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'
export const overcommit = '/proc/sys/vm/nr_overcommit_hugepages'

export const unitDirectory = '/etc/systemd/system'

/** Notes the pages of 2M before a unit or after it. */
const note = (when: 'Pre' | 'Post', name: string) =>
  `[Service]\nExecStart${when}=/bin/sh -c 'echo ${name} $(cat ${pages}) >>/run/seen'\n`

const notePath = (name: string) => `${unitDirectory}/${name}.service.d/note.conf`

/** A program that wants pages. */
const consumer = (name: string) => `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo ${name} $(cat ${pages}) >>/run/seen'
[Install]
WantedBy=laboratory.target
`

/** The table of file systems of a Debian. */
export const plainTable = '/dev/nvme0n1 / ext4 errors=remount-ro 0 1\n'
/** The table of file systems of a Debian, with mounts that need their pages at once. */
export const table = `${plainTable}huge /mnt/huge hugetlbfs pagesize=2M,min_size=32M 0 0
huge /mnt/huge1g hugetlbfs pagesize=1G,min_size=1G 0 0
`

/** The root is not yet writable when the service runs: what is mounted there has its directory. */
export const configuration = `version = 1
[pools.1G]
pages = "1:1"
[pools.2M]
pages = "0:64,1:32"
[mounts."/run/own"]
page-size = "2M"
size = "4M"
min-size = "2M"
gid = "users"
mode = "0770"
mkdir = true
[mounts."/mnt/own1g"]
page-size = "1G"
[tune]
shm-group = "users"
`

/** The number of Debian's group `users`. */
export const users = 100

/** What a machine is to have that is configured so. */
export const wanted = {
  'persistent 1073741824': 1,
  'persistent 2097152': 96,
  'overcommit 1073741824': 0,
  'overcommit 2097152': 16,
  'shm-group': users,
}

/** What is on the disk from the first start on: consumers, notes of who saw what, and a sysctl. */
export const placed = {
  [`${unitDirectory}/strict.service`]: consumer('strict'),
  [`${unitDirectory}/lax.service`]: consumer('lax'),
  [notePath('systemd-sysctl')]: note('Pre', 'line') + note('Post', 'sysctl'),
  [notePath('hugepool')]: note('Post', 'hugepool'),
  [notePath('systemd-tmpfiles-setup')]: note('Post', 'tmpfiles'),
  '/etc/sysctl.d/50-pages.conf': 'vm.nr_hugepages = 7\n',
}
