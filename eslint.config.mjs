import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';
import tseslint from 'typescript-eslint';

/** TypeScript's own rules, with types; for everything that is written here. */
const typescript = tseslint.config({
	files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'test/**/*.ts'],
	extends: [tseslint.configs.recommendedTypeChecked],
	languageOptions: {
		parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
	},
	rules: {
		// n8n's types want promises where there is nothing to wait for.
		'@typescript-eslint/require-await': 'off',
		'@typescript-eslint/consistent-type-imports': 'error',
		'@typescript-eslint/no-unused-vars': [
			'error',
			{ varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
		],
	},
});

/** Tests look into n8n's untyped answers all the time, and say in each case what they expect. */
const tests = {
	files: ['test/**/*.ts'],
	rules: {
		'@typescript-eslint/no-base-to-string': 'off',
		'@typescript-eslint/no-explicit-any': 'off',
		// Handlers of Node's servers and signals may well be async.
		'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
		'@typescript-eslint/no-unsafe-argument': 'off',
		'@typescript-eslint/no-unsafe-assignment': 'off',
		'@typescript-eslint/no-unsafe-call': 'off',
		'@typescript-eslint/no-unsafe-member-access': 'off',
		'@typescript-eslint/no-unsafe-return': 'off',
		'@typescript-eslint/unbound-method': 'off',
	},
};

/** n8n's two plug-ins as the review of community nodes sets them up, on what it looks at. */
const review = (await buildScanConfig()).map((config) =>
	config.files
		? config
		: { files: ['package.json', '{nodes,credentials}/**/*.{ts,json}'], ...config },
);

export default [
	{
		ignores: [
			'dist/',
			'dist.*/',
			'out/',
			'coverage/',
			'**/node_modules/',
			'**/package-lock.json',
			'.cache/',
		],
	},
	...review,
	...typescript,
	tests,
];
