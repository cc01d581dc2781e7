import { expect, test } from "vitest";
import { z } from "zod";
import { createCampaign } from "./commands/create-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign } from "./commands/move-campaign.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const page = z.object({ data: z.array(z.object({ leadId: z.string().nullable() })) });

test("messages, the people of a sequence and the leads of a campaign are found by what the search box finds leads by", async () => {
  const world = await sendingWorld();
  const sequenceId = await activeSequence(world.ctx, [{ channel: "EMAIL" }]);
  const campaignId = await createCampaign(world.ctx, { name: "Spring" });
  await activateCampaign(world.ctx, campaignId);
  const wanted = await world.make.lead({ firstName: "Ottoline", company: "Bracken & Sons" });
  const other = await world.make.lead({ firstName: "Bernard" });
  await enrollLeads(world.ctx, { sequenceId, leadIds: [wanted.id, other.id], campaignId, by: "person" });
  await world.advance(1);
  for (const list of ["messages", `sequences/${sequenceId}/enrollments`, `campaigns/${campaignId}/leads`]) {
    const found = async (search: string) => {
      const { body } = await world.request("GET", `/api/v1/${list}?search=${encodeURIComponent(search)}`);
      return page.parse(body).data.map(({ leadId }) => leadId);
    };
    expect(await found("ottoline"), list).toEqual([wanted.id]);
    expect(await found("bracken"), list).toEqual([wanted.id]);
    expect(await found(wanted.phone?.slice(-6) ?? ""), list).toEqual([wanted.id]);
    expect(await found("nobody of this name"), list).toEqual([]);
    expect(await found(" "), list).toHaveLength(2);
  }
});
