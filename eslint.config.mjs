import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import { importDirection } from './eslint.rooms.js';

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
		'no-restricted-syntax': ['error', 'ImportSpecifier[importKind="type"]'],
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

/**
 * n8n's two plug-ins in the versions of package.json, set up as the review of community nodes sets
 * up its own, older ones; those run beside these with `npm run scan`.
 */
const review = tseslint.config(
	{
		files: ['package.json', '{nodes,credentials}/**/*.{ts,json}'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tseslint.parser },
		rules: { 'no-console': 'error' },
	},
	{ files: ['package.json'], rules: n8nNodesBase.configs.community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// For nodes within n8n's own repository.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// The other plug-in's rule is more accurate.
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// Inputs and outputs may be an enumeration's members.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			// A service may well have a greatest value.
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
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
	...importDirection(tseslint.plugin),
	tests,
];
