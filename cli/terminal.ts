/**
 * `lowland <command> … --survey FILE [--json]`: every job without a window. With --json one JSON object on stdout and
 * progress on stderr. Exit code 0 done, 1 failed and nothing changed, 2 wrong usage.
 */
import { resolve } from 'node:path'
import { errorToJson, type OptionSpec, parseArguments, UsageError } from './arguments.ts'
import type { Command, StandaloneCommand } from './commands/command.ts'
import { COMMANDS, STANDALONE_COMMANDS } from './commands/index.ts'
import type { Places } from './places.ts'
import { printResult, usageOf } from './print.ts'
import { runServe, SERVE_OPTIONS } from './serve.ts'
import { withSession } from './session.ts'

const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  survey: { value: true, help: '调查文件(也可用环境变量 LOWLAND_SURVEY)' },
  json: { value: false, help: '以 JSON 输出结果' },
  help: { value: false, help: '显示帮助' },
}

/** Runs one command line to its end and gives the exit code; `serve` ends with the signal that stops it. */
export async function runTerminal(argv: readonly string[], places: Places): Promise<number> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  })
  const json = argv.includes('--json')
  try {
    if (argv[0] === 'serve') {
      const { options } = parseArguments(argv.slice(1), { ...COMMON_OPTIONS, ...SERVE_OPTIONS })
      await runServe(options, places)
      return 0
    }
    const command = commandOf(argv)
    if (!command || argv.includes('--help')) {
      process.stdout.write(usageOf(command ? [command] : [...COMMANDS, ...STANDALONE_COMMANDS], COMMON_OPTIONS))
      return command || argv.length === 0 || argv.includes('--help') ? 0 : 2
    }
    const { words, options } = parseArguments(argv.slice(command.words.length), {
      ...COMMON_OPTIONS,
      ...command.options,
    })
    if (isStandalone(command)) {
      const result = await command.run(words, options)
      if (result) process.stdout.write(json ? `${JSON.stringify(result)}\n` : printResult(result))
      return result?.['ok'] === false ? 1 : 0
    }
    const survey = typeof options['survey'] === 'string' ? options['survey'] : process.env['LOWLAND_SURVEY']
    if (survey === undefined) throw new UsageError('缺少选项 --survey(或环境变量 LOWLAND_SURVEY)')
    const result = await withSession(command.withoutSurvey ? undefined : resolve(survey), places, session =>
      command.run(session, words, { ...options, survey }),
    )
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : printResult(result))
    return 'ok' in result && result['ok'] === false ? 1 : 0
  } catch (error) {
    if (error instanceof UsageError) {
      if (json) process.stdout.write(`${JSON.stringify({ error: { code: 'bad_usage', message: error.message } })}\n`)
      process.stderr.write(`${error.message}\n`)
      return 2
    }
    const plain = errorToJson(error)
    if (json) process.stdout.write(`${JSON.stringify(plain)}\n`)
    process.stderr.write(`${plain.error.message}\n`)
    return 1
  }
}

/** The command whose words the line begins with; the longest wins. */
function commandOf(argv: readonly string[]): Command | StandaloneCommand | undefined {
  return [...COMMANDS, ...STANDALONE_COMMANDS]
    .sort((a, b) => b.words.length - a.words.length)
    .find(command => command.words.every((word, index) => argv[index] === word))
}

function isStandalone(command: Command | StandaloneCommand): command is StandaloneCommand {
  return (STANDALONE_COMMANDS as readonly unknown[]).includes(command)
}
