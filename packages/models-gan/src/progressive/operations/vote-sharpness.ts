/** How much a lead counts where votes become shares: the next instrument's share falls to 1/e with a lead of a tenth. */
export const voteSharpness = 10;
