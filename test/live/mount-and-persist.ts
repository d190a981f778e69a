import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import { mountSchema } from '../../src/output/schemas/mounts-schema.ts'
import { umountSchema } from '../../src/output/schemas/umount-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setPool, smallest } from './support/machine.ts'
import { mountRoom } from './support/mounts.ts'
import { hugepoolLine, type Result, run } from './support/program.ts'

const live = liveOn('pools that can be set', 'processes: privilege')

const before = '# of the administrator\n/dev/null /somewhere ext4 noauto 0 0\n'

/** A scratch /etc, and a directory to mount on. */
const scratch = (systemd = false) => {
  const room = mountRoom()
  mkdirSync(`${room}/etc${systemd ? '/systemd/system' : ''}`, { recursive: true })
  mkdirSync(`${room}/huge`)
  writeFileSync(`${room}/etc/fstab`, before)
  return { etc: `${room}/etc`, target: `${room}/huge`, fstab: `${room}/etc/fstab` }
}

/**
 * Runs a script of sh in which `hugepool` is a command and /etc the scratch one, so that this
 * machine's own is out of reach; its mounts go with it.
 */
const withEtc = (etc: string, script: string): Promise<Result> => {
  const [node, program] = hugepoolLine
  const hugepool = `hugepool() { '${node}' '${program}' "$@"; }`
  // To hugepool systemd runs where this directory is.
  const booted = 'mount -t tmpfs none /run && mkdir -p /run/systemd/system'
  const lines = [`mount --bind '${etc}' /etc`, booted, hugepool, script]
  return run(['unshare', '-m', 'sh', '-euc', lines.join('\n')])
}

const documents = <Schema extends z.ZodType>({ out }: Result, ...schemas: readonly Schema[]) => {
  const lines = out.trim().split('\n')
  return schemas.map((schema, index) => schema.parse(parseExact(lines[index] ?? '')))
}

live('the line of fstab makes the same mount, and goes with --persist', async (t) => {
  setPool(smallest, 4)
  const { etc, target, fstab } = scratch()
  const words = `mount ${target} --size 50% --min-size 25% --mode 0711 --options noexec --json`
  const result = await withEtc(
    etc,
    `hugepool ${words} --persist fstab
    umount ${target}
    mount ${target}
    hugepool ${words} --persist fstab
    cp /etc/fstab /etc/kept
    hugepool umount ${target} --persist --json`,
  )
  t.equal(result.status, 0, result.err)
  const [first, second] = documents(result, mountSchema, mountSchema)
  t.hasStrict(first, { outcome: 'done', persisted: [{ kind: 'fstab', outcome: 'done' }] })
  t.hasStrict(second, { outcome: 'unchanged', persisted: [{ outcome: 'unchanged' }] })
  const last = umountSchema.parse(parseExact(result.out.trim().split('\n')[2] ?? ''))
  t.hasStrict(last, { mounts: [{ target }], persisted: [{ kind: 'fstab', outcome: 'done' }] })
  t.ok(readFileSync(`${etc}/kept`, 'utf8').startsWith(`${before}none ${target} hugetlbfs `))
  t.equal(readFileSync(fstab, 'utf8'), before, 'every other byte stays')
  t.match(countsOf(smallest), { total: 4, free: 4, reserved: 0 })
})

live('what a unit says makes the same mount', async (t) => {
  setPool(smallest, 4)
  const { etc, target } = scratch(true)
  const words = `mount ${target} --size 50% --uid 5 --options ro --json --persist systemd`
  const result = await withEtc(
    etc,
    `hugepool ${words}
    umount ${target}
    options=$(sed -n s/^Options=//p /etc/systemd/system/*.mount)
    what=$(sed -n s/^What=//p /etc/systemd/system/*.mount)
    where=$(sed -n s/^Where=//p /etc/systemd/system/*.mount)
    mount -t hugetlbfs -o "$options" "$what" "$where"
    hugepool ${words}`,
  )
  t.equal(result.status, 0, result.err)
  const [first, second] = documents(result, mountSchema, mountSchema)
  t.hasStrict(first, { outcome: 'done', persisted: [{ kind: 'systemd', outcome: 'done' }] })
  t.hasStrict(second, { outcome: 'unchanged', persisted: [{ outcome: 'unchanged' }] })
})

live('where /etc is read-only nothing is mounted or unmounted', async (t) => {
  const { etc, target } = scratch()
  const result = await withEtc(
    etc,
    `mount -o remount,bind,ro none /etc
    hugepool mount ${target} --persist fstab || echo $?
    grep -c ' ${target} ' /proc/self/mountinfo || true
    mount -o remount,bind,rw none /etc
    hugepool mount ${target} --persist fstab -nro TARGET
    mount -o remount,bind,ro none /etc
    hugepool umount ${target} --persist || echo $?
    grep -c ' ${target} ' /proc/self/mountinfo`,
  )
  t.strictSame([result.status, result.out], [0, `3\n0\n${target}\n3\n1\n`], result.err)
  t.match(result.err, 'hugepool: /etc/fstab: read-only file system\nhint: make /etc writable, or ')
})
