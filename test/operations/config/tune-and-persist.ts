import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { answering } from '../../helpers/failing-files.ts'
import { lines } from '../../helpers/on-fake.ts'
import { tunedStage } from '../../helpers/tuned-stage.ts'

const sysctls = '/etc/sysctl.d/90-hugepool.conf'
const tmpfiles = '/etc/tmpfiles.d/10-hugepool.conf'
const head = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`
const [group, thp, minFree, shmmni] = [
  '/proc/sys/vm/hugetlb_shm_group',
  '/sys/kernel/mm/transparent_hugepage/enabled',
  '/proc/sys/vm/min_free_kbytes',
  '/proc/sys/kernel/shmmni',
]

t.test('done, then unchanged without a write', async (t) => {
  const { hugepool, writes } = tunedStage(t)
  const line = 'tune shm-group=oracle thp=never min-free=66M shmmni=4096'
  t.strictSame(await hugepool(line), {
    status: 0,
    stdout: lines(
      'KEY         BEFORE  REQUESTED  AFTER  OUTCOME',
      'shm-group        0      54321  54321  done',
      'thp        madvise      never  never  done',
      'min-free       22M        66M    66M  done',
      'shmmni        4096       4096   4096  unchanged',
    ),
    stderr: '',
  })
  const done = [`${group}=54321`, `${thp}=never`, `${minFree}=67584`]
  t.strictSame(writes, done)
  t.strictSame(await hugepool(`${line} -nr -o OUTCOME`), {
    status: 0,
    stdout: lines('unchanged', 'unchanged', 'unchanged', 'unchanged'),
    stderr: '',
  })
  t.strictSame(writes, done)
})

t.test('what the kernel makes something else of is partial', async (t) => {
  const { hugepool } = tunedStage(t, {}, { [shmmni]: { becomes: '32768' } })
  t.strictSame(await hugepool('tune shmmni=65536'), {
    status: 64,
    stdout: lines(
      'KEY     BEFORE  REQUESTED  AFTER  OUTCOME',
      'shmmni    4096      65536  32768  partial',
    ),
    stderr: 'hugepool: shmmni: asked for 65536, got 32768\n',
  })
})

t.test('what the kernel refuses ends the call; before anything else it is the error', async (t) => {
  const refusing = tunedStage(t, {}, { [shmmni]: { errno: 'EINVAL' } })
  t.strictSame(await refusing.hugepool('tune shmmni=65536 thp=never'), {
    status: 1,
    stdout: '',
    stderr: 'hugepool: /proc/sys/kernel/shmmni: the kernel rejects the value (EINVAL)\n',
  })
  t.strictSame(await refusing.hugepool('tune thp=never shmmni=65536 shm-group=5 --persist'), {
    status: 64,
    stdout: lines(
      'KEY         BEFORE  REQUESTED  AFTER  OUTCOME',
      'thp        madvise      never  never  done',
      'shmmni        4096      65536   4096  partial',
      'shm-group        0          5      0  partial',
    ),
    stderr: lines(
      'hugepool: shmmni: asked for 65536, got 4096',
      'hugepool: shm-group: asked for 5, got 0',
      'hugepool: no file keeps what was asked for',
      'hugepool: /proc/sys/kernel/shmmni: the kernel rejects the value (EINVAL)',
    ),
  })
  t.strictSame(refusing.writes, [`${shmmni}=65536`, `${thp}=never`, `${shmmni}=65536`])
  t.strictSame([refusing.text(sysctls), refusing.text(tmpfiles)], [undefined, undefined])
})

t.test('nothing is written where one word is wrong, or cannot be here', async (t) => {
  const { hugepool, writes, text } = tunedStage(t, { [minFree]: 'x\n' })
  for (const [word, status, stderr] of [
    [
      'shm-group=nobody',
      2,
      "there is no group 'nobody' in /etc/group\nhint: a group can be given by number too\ntry 'hugepool tune --help'\n",
    ],
    ['min-free=1M', 1, '/proc/sys/vm/min_free_kbytes: holds no value of min-free: "x"\n'],
    [
      'movable-gigantic=1',
      4,
      'movable-gigantic: there is no /proc/sys/vm/movable_gigantic_pages\nhint: it takes Linux 7.0 or later with gigantic pages\n',
    ],
    [
      'khugepaged-none=512',
      1,
      'khugepaged-none: 512 is more than 511, one less than the base pages of a huge page\n',
    ],
  ] as const)
    t.strictSame(
      await hugepool(`tune thp=never ${word} --persist`),
      { status, stdout: '', stderr: `hugepool: ${stderr}` },
      word,
    )
  t.strictSame([writes, text(tmpfiles)], [[], undefined])
})

t.test('options that do not fit', async (t) => {
  const { hugepool } = tunedStage(t)
  for (const [line, words] of [
    ['tune thp --persist', '--persist takes values: KEY=VALUE'],
    ['tune --persist', '--persist takes values: KEY=VALUE'],
    ['tune --unpersist', '--unpersist takes keys without values'],
    ['tune thp=never --unpersist', '--unpersist takes keys without values'],
    ['tune thp --unpersist --persist', '--unpersist and --persist exclude each other'],
  ] as const)
    t.strictSame(
      await hugepool(line),
      { status: 2, stdout: '', stderr: `hugepool: ${words}\ntry 'hugepool tune --help'\n` },
      line,
    )
})

t.test('a dry run prints what does the same, and writes nothing', async (t) => {
  const { hugepool, writes, text } = tunedStage(t)
  t.strictSame(await hugepool('tune thp=never min-free=22M shm-group=5 --dry-run'), {
    status: 0,
    stdout: lines(`echo never > ${thp}`, `echo 5 > ${group}`),
    stderr: '',
  })
  t.strictSame(await hugepool('tune thp=madvise --dry-run'), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: nothing to do\n',
  })
  t.strictSame(await hugepool('tune thp=never --persist --dry-run'), {
    status: 0,
    stdout: `echo never > ${thp}
mkdir -p /etc/tmpfiles.d
cat > ${tmpfiles} <<'END'
${head}w ${thp} - - - - never
END
`,
    stderr: `hugepool: note: ${tmpfiles}: sets thp to never at every start\n`,
  })
  t.strictSame(await hugepool('tune thp=never --persist=only --dry-run -q'), {
    status: 0,
    stdout: `mkdir -p /etc/tmpfiles.d
cat > ${tmpfiles} <<'END'
${head}w ${thp} - - - - never
END
`,
    stderr: '',
  })
  t.strictSame([writes, text(tmpfiles)], [[], undefined])
})

t.test('what is kept is merged, and taken out again', async (t) => {
  const { hugepool, writes, text } = tunedStage(t)
  t.strictSame(await hugepool('tune shm-group=oracle thp=never --persist'), {
    status: 0,
    stdout: lines(
      'KEY         BEFORE  REQUESTED  AFTER  OUTCOME',
      'shm-group        0      54321  54321  done',
      'thp        madvise      never  never  done',
    ),
    stderr: lines(
      `hugepool: note: ${sysctls}: sets shm-group to 54321 at every start`,
      `hugepool: note: ${tmpfiles}: sets thp to never at every start`,
    ),
  })
  t.strictSame(await hugepool('tune min-free=64M --persist=only'), {
    status: 0,
    stdout: '',
    stderr: `hugepool: note: ${sysctls}: sets min-free to 64M at every start\n`,
  })
  t.strictSame(
    [text(sysctls), text(tmpfiles)],
    [
      `${head}vm.hugetlb_shm_group = 54321\nvm.min_free_kbytes = 65536\n`,
      `${head}w ${thp} - - - - never\n`,
    ],
  )
  t.strictSame(writes, [`${group}=54321`, `${thp}=never`], 'min-free is as it was')
  t.strictSame(await hugepool('tune thp=never --persist -n'), {
    status: 0,
    stdout: 'thp  never  never  never  unchanged\n',
    stderr: `hugepool: note: ${tmpfiles}: sets thp to never at every start already\n`,
  })
  t.strictSame(await hugepool('tune shm-group thp min-free -n -o KEY,VALUE,PERSISTED,PLACE -q'), {
    status: 0,
    stdout: lines(
      `shm-group  oracle  oracle  ${sysctls}:3`,
      `thp         never   never  ${tmpfiles}:3`,
      `min-free      22M     64M  ${sysctls}:4`,
    ),
    stderr: '',
  })
  t.strictSame(await hugepool('tune shm-group thp --unpersist'), {
    status: 0,
    stdout: '',
    stderr: lines(
      `hugepool: note: ${sysctls}: has nothing of shm-group any more`,
      `hugepool: note: ${tmpfiles}: has nothing of thp any more`,
    ),
  })
  t.strictSame(
    [text(sysctls), text(tmpfiles)],
    [`${head}vm.min_free_kbytes = 65536\n`, undefined],
    'an empty file goes',
  )
  t.strictSame(await hugepool('tune thp --unpersist'), {
    status: 0,
    stdout: '',
    stderr: `hugepool: note: ${tmpfiles}: has nothing of thp\n`,
  })
  t.equal((await hugepool('tune thp')).stdout.split('\n')[1]?.split(/ +/)[1], 'never', 'it stays')
})

t.test('a line of others that wins', async (t) => {
  const other = '/etc/sysctl.d/99-db.conf'
  const { hugepool } = tunedStage(t, { [other]: '# db\nvm.hugetlb_shm_group = 5\n' })
  t.strictSame(await hugepool('tune shm-group=oracle --persist=only'), {
    status: 0,
    stdout: '',
    stderr: lines(
      `hugepool: note: ${sysctls}: sets shm-group to 54321 at every start`,
      `hugepool: note: ${other}:2: sets shm-group to 5 at a start, and wins`,
      `hint: remove the line from ${other}, or have it say the same`,
    ),
  })
  t.strictSame(JSON.parse((await hugepool('tune shm-group=5 --persist=only --json')).stdout), {
    version: 1,
    outcome: 'done',
    changes: [],
    settings: [
      {
        key: 'shm-group',
        path: group,
        kind: 'group',
        value: 0,
        group: 'root',
        accepts: 'a group by name or number',
        persisted: { file: other, line: 2, text: '5', value: 5 },
        needs: 'a kernel with CONFIG_HUGETLBFS',
      },
    ],
    persisted: {
      read: true,
      files: [{ path: sysctls, outcome: 'done', keys: [{ key: 'shm-group', value: '5' }] }],
    },
    notes: [`${sysctls}: sets shm-group to 5 at every start`],
  })
  t.strictSame(await hugepool('tune shm-group --unpersist'), {
    status: 0,
    stdout: '',
    stderr: lines(
      `hugepool: note: ${sysctls}: has nothing of shm-group any more`,
      `hugepool: note: ${other}:2: sets shm-group to 5 at a start`,
    ),
  })
})

t.test('tuned, a service or a script of the start that wins', async (t) => {
  const [rc, unit] = ['/etc/rc.local', '/etc/systemd/system/thp.service']
  const profile = '/usr/lib/tuned/mine/tuned.conf'
  const wants = '/etc/systemd/system/multi-user.target.wants'
  const kept = `hugepool: note: ${tmpfiles}: sets thp to never at every start`
  const persistWith = (files: Readonly<Record<string, string>>) =>
    tunedStage(t, files).hugepool('tune thp=never --persist=only')
  const wins = (place: string, hint: string) => ({
    status: 0,
    stdout: '',
    stderr: lines(kept, `hugepool: note: ${place}: sets thp to always at a start, and wins`, hint),
  })
  t.strictSame(
    await persistWith({ [rc]: `#!/bin/sh\necho always > ${thp}\n` }),
    wins(`${rc}:2`, `hint: remove the line from ${rc}, or have it say the same`),
  )
  t.strictSame(
    await persistWith({
      [unit]: `[Service]\nExecStart=sh -c 'echo always > ${thp}'\n`,
      [`${wants}/thp.service`]: '',
    }),
    wins(`${unit}:2`, `hint: remove the line from ${unit}, or have it say the same`),
  )
  t.strictSame(
    await persistWith({
      '/etc/tuned/active_profile': 'mine',
      [profile]: '[main]\n[vm]\ntransparent_hugepages=always\n',
      [`${wants}/tuned.service`]: '',
    }),
    wins(
      `${profile}:3`,
      `hint: have a copy of ${profile} below /etc say the same: it takes its place`,
    ),
  )
  t.strictSame(await persistWith({ [rc]: `echo never > ${thp}\n` }), {
    status: 0,
    stdout: '',
    stderr: lines(kept),
  })
})

t.test('tuned sets a sysctl, and applies sysctl.d once more after it', async (t) => {
  const profile = '/etc/tuned/mine/tuned.conf'
  const files = {
    '/etc/tuned/active_profile': 'mine',
    [profile]: '[sysctl]\nvm.hugetlb_shm_group=5\n',
    '/etc/systemd/system/multi-user.target.wants/tuned.service': '',
  }
  const kept = `hugepool: note: ${sysctls}: sets shm-group to 7 at every start`
  for (const dryRun of ['', ' --dry-run'])
    t.equal(
      (await tunedStage(t, files).hugepool(`tune shm-group=7 --persist=only${dryRun}`)).stderr,
      lines(kept),
    )
  const off = { ...files, '/etc/tuned/tuned-main.conf': 'reapply_sysctl = 0\n' }
  t.equal(
    (await tunedStage(t, off).hugepool('tune shm-group=7 --persist=only')).stderr,
    lines(
      kept,
      `hugepool: note: ${profile}:2: sets shm-group to 5 at a start, and wins`,
      `hint: remove the line from ${profile}, or have it say the same`,
    ),
  )
})

t.test("hugepool's own configuration wins, and no systemd is said", async (t) => {
  const { hugepool } = tunedStage(t, {
    '/etc/hugepool.toml': '[tune]\nshm-group = "oracle"\n',
    '/run/systemd/system/.keep': undefined,
    '/etc/systemd/system/.keep': undefined,
  })
  t.strictSame(await hugepool('tune shm-group=5 --persist=only'), {
    status: 0,
    stdout: '',
    stderr: lines(
      `hugepool: note: ${sysctls}: sets shm-group to 5 at every start`,
      'hugepool: note: /etc/hugepool.toml:2: sets shm-group to 54321 at a start, and wins',
      'hugepool: note: no systemd is seen here: whether anything reads the file at a start is not known',
      'hint: remove the line from /etc/hugepool.toml, or have it say the same',
    ),
  })
})

t.test('files that are not to be written keep everything from being done', async (t) => {
  const foreign = tunedStage(t, { [sysctls]: 'vm.swappiness = 1\n' })
  t.strictSame(await foreign.hugepool('tune thp=never shm-group=5 --persist'), {
    status: 1,
    stdout: '',
    stderr: lines(
      `hugepool: ${sysctls} was not written by hugepool`,
      'hint: give it another name: hugepool keeps no comments in it',
    ),
  })
  const masked = tunedStage(t, { '/etc/tmpfiles.d/.keep': '' })
  symlinkSync('/dev/null', join(masked.root, tmpfiles))
  t.strictSame(await masked.hugepool('tune thp=never --persist'), {
    status: 1,
    stdout: '',
    stderr: lines(
      `hugepool: ${tmpfiles} is a link to /dev/null, which switches it off`,
      `hint: remove it: rm ${tmpfiles}`,
    ),
  })
  t.strictSame([foreign.writes, masked.writes], [[], []])
})

t.test('a setting that cannot be kept after it was set is partial', async (t) => {
  const stage = tunedStage(t, { [sysctls]: head }, {})
  const racing = tunedStage(t)
  t.equal((await stage.hugepool('tune shm-group=5 --persist')).status, 0)
  t.equal(stage.text(sysctls), `${head}vm.hugetlb_shm_group = 5\n`)
  const { writeFileSync, mkdirSync } = await import('node:fs')
  racing.onWrite = () => {
    mkdirSync(join(racing.root, '/etc/sysctl.d'), { recursive: true })
    writeFileSync(join(racing.root, sysctls), 'mine\n')
  }
  t.strictSame(await racing.hugepool('tune shm-group=5 --persist'), {
    status: 64,
    stdout: lines(
      'KEY        BEFORE  REQUESTED  AFTER  OUTCOME',
      'shm-group       0          5      5  done',
    ),
    stderr: lines(
      'hugepool: the settings are changed, and no file keeps them',
      `hugepool: ${sysctls} was changed by somebody else meanwhile`,
      'hint: look at it and try again',
    ),
  })
  t.equal(racing.text(sysctls), 'mine\n')
})

t.test(
  'a dry run only says that a right is lacking, and a real run writes nothing then',
  async (t) => {
    const keeps = `${head}vm.hugetlb_shm_group = 5\n`
    const stage = tunedStage(t, { [sysctls]: keeps })
    answering(t, join(stage.root, '/etc/sysctl.d'), 'EROFS', ['accessSync'])
    const denied = `${sysctls}: read-only file system`
    const hint = 'hint: make /etc writable, or write it where the image of this machine is made'
    for (const [line, stdout, note] of [
      [
        'shm-group --unpersist',
        lines(`rm ${sysctls}`),
        `${sysctls}: has nothing of shm-group any more`,
      ],
      [
        'shm-group=7 --persist=only',
        lines(`cat > ${sysctls} <<'END'`, `${head}vm.hugetlb_shm_group = 7`, 'END'),
        `${sysctls}: sets shm-group to 7 at every start`,
      ],
    ] as const) {
      const dry = await stage.hugepool(`tune ${line} --dry-run`)
      const told = [
        `hugepool: note: ${note}`,
        `hugepool: note: the real run would be refused: ${denied}`,
        hint,
      ]
      t.strictSame(dry, { status: 0, stdout, stderr: lines(...told) }, line)
      const { status, stderr } = await stage.hugepool(`tune ${line}`)
      t.strictSame(
        { status, stderr },
        { status: 3, stderr: lines(`hugepool: ${denied}`, hint) },
        line,
      )
      t.equal(stage.text(sysctls), keeps, line)
    }
  },
)
