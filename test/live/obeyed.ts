import type { Test } from 'tap'
import { liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { hugepoolLine, run } from './support/program.ts'

// What root obeys and follows, and what it does not, in a mount namespace with an /etc of its own.

const live = liveOn('pools that can be set', 'processes: mounts')

const name = sizeName(smallest)
const [node, program] = hugepoolLine

/** Runs a script of sh with an own /etc and /run, in which `hugepool` tells its exit status. */
const output = async (script: string): Promise<string> => {
  const lines = `
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/etc/hugepool.d /run/home
cp /etc/passwd /run/etc/
mount --bind /run/etc /etc
chown 65534 /run/home
hugepool() {
  status=0
  '${node}' '${program}' "$@" >/run/out 2>&1 </dev/null || status=$?
  grep -Ev ': note: ' /run/out | sed -n '1,2p'
  echo "= $status"
}
${script}`
  const { status, out, err } = await run(['unshare', '-m', 'sh', '-euc', lines])
  if (status !== 0) throw new Error(`${err}${out}`)
  return out
}

const wanted = (pages: number): string => `printf '[pools.${name}]\\novercommit = ${pages}\\n'`

const isRefused = async (
  t: Test,
  script: string,
  [words, hint]: readonly [words: string, hint: string],
): Promise<void> => {
  setPool(smallest, 3)
  const said = await output(script)
  t.equal(said, `hugepool: ${words}\nhint: ${hint}\n= 1\n`.repeat(said.split('= 1\n').length - 1))
}

const main = '/etc/hugepool.toml'
const once = 'once you know what others did there:'
const elsewhere = 'put it where root alone can write, or:'

live('a configuration that others can change is not obeyed', async (t) => {
  const both = 'hugepool apply\nhugepool check'
  await isRefused(t, `${wanted(1)} > ${main}; chmod 666 ${main}\n${both}`, [
    `${main}: is not trusted: it can be written by others, with the mode 0666`,
    `${once} chmod go-w ${main}`,
  ])
  await isRefused(t, `${wanted(1)} > ${main}; chown 65534 ${main}\n${both}`, [
    `${main}: is not trusted: it belongs to user 65534`,
    `${once} chown root: ${main}`,
  ])
  // That of another PID namespace tells as little of this process.
  await isRefused(
    t,
    `${wanted(1)} > ${main}; chown 65534 ${main}; mount -t tmpfs none /proc\nhugepool check`,
    [`${main}: is not trusted: it belongs to user 65534`, `${once} chown root: ${main}`],
  )
  const dropIn = '/etc/hugepool.d/a.toml'
  await isRefused(
    t,
    `${wanted(1)} > ${dropIn}; chmod 1777 /etc/hugepool.d; chown 5 ${dropIn}\n${both}`,
    [`${dropIn}: is not trusted: it belongs to user 5`, `${once} chown root: ${dropIn}`],
  )
  await isRefused(t, `${wanted(1)} > ${dropIn}; chmod 777 /etc/hugepool.d\n${both}`, [
    `${dropIn}: is not trusted: /etc/hugepool.d can be written by others, with the mode 0777`,
    `${elsewhere} chmod go-w /etc/hugepool.d`,
  ])
  await isRefused(t, `${wanted(1)} > /run/home/a; ln -s /run/home/a ${dropIn}\n${both}`, [
    `${dropIn}: is not trusted: /run/home belongs to user 65534`,
    `${elsewhere} chown root: /run/home`,
  ])
})

live('what is to be obeyed from now on is not written among what others can change', async (t) => {
  const open = 'chmod 777 /etc/hugepool.d\nmkdir -m 777 /etc/sysctl.d'
  await isRefused(t, `${open}\nhugepool overcommit ${name}=1 --persist`, [
    '/etc/hugepool.d/50-hugepool.toml: is not trusted: /etc/hugepool.d can be written by others, with the mode 0777',
    `${elsewhere} chmod go-w /etc/hugepool.d`,
  ])
  const fstab = '/etc/fstab'
  await isRefused(
    t,
    `: > ${fstab}; chmod 664 ${fstab}; mkdir /run/new\nhugepool mount /run/new --persist fstab`,
    [
      `${fstab}: is not trusted: it can be written by others, with the mode 0664`,
      `${once} chmod go-w ${fstab}`,
    ],
  )
})

live('a record of mounts that others can change is not obeyed', async (t) => {
  await isRefused(
    t,
    `${wanted(0)} > ${main}; mkdir /run/hugepool; echo '{}' > /run/hugepool/mounts.json
chown 65534 /run/hugepool
hugepool apply --prune`,
    [
      '/run/hugepool/mounts.json: is not trusted: /run/hugepool belongs to user 65534',
      `${elsewhere} chown root: /run/hugepool`,
    ],
  )
})

live('no link of others is followed to what root makes', async (t) => {
  const link = '/run/home/link'
  const through = [
    'hugepool mount /run/home/link/new --mkdir',
    'hugepool metrics --output /run/home/link/a.prom',
    'hugepool cp /run/huge/from /run/home/link/a',
    'hugepool cp /run/huge/from /run/home/link',
  ]
  await isRefused(
    t,
    `mkdir /run/other /run/huge; mount -t hugetlbfs none /run/huge; : > /run/huge/from
ln -s /run/other ${link}\n${through.join('\n')}`,
    [
      `${link}: a symbolic link that root does not follow: /run/home belongs to user 65534`,
      'name what it leads to',
    ],
  )
})

live('what root alone can change is obeyed and followed, and so is what is named', async (t) => {
  setPool(smallest, 3)
  const said = await output(`
${wanted(0)} > ${main}
chmod 640 ${main}
hugepool apply
mkdir /run/real
ln -s /run/real /run/link
hugepool mount /run/link/new --mkdir
hugepool umount /run/real/new
${wanted(0)} > /run/home/a
chown 65534 /run/home/a
hugepool apply --config /run/home/a
hugepool mount /run/home/new --mkdir
hugepool umount /run/home/new`)
  t.strictSame(said.match(/^= \d+$/gm), Array(6).fill('= 0'))
})
