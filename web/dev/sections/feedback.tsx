import { Workflow } from "lucide-react";
import { useState } from "react";
import { Specimen, Specimens } from "#web/dev/sections/specimen.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Progress } from "#web/ui/progress.tsx";
import { Skeleton, SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, ErrorState, InlineError, NoPermission } from "#web/ui/states.tsx";
import { Stepper } from "#web/ui/stepper.tsx";
import { toast } from "#web/ui/toast.tsx";

const PROBLEM = {
  type: "/problems/unexpected",
  code: "unexpected",
  status: 500,
  title: "Something went wrong on our side",
  detail: "This is a fault of ours. The request id finds it in the log.",
  request_id: "req_01k8p3v6w2f7x",
};

const STEPS = [
  { value: "drop", label: "File" },
  { value: "map", label: "Columns" },
  { value: "preview", label: "Preview" },
  { value: "run", label: "Import" },
] as const;

export function FeedbackSection() {
  const [step, setStep] = useState<(typeof STEPS)[number]["value"]>("preview");
  return (
    <Specimens>
      <Specimen title="Nothing here yet">
        <EmptyState
          icon={Workflow}
          title="No sequences yet"
          action={
            <>
              <Button variant="primary">Create sequence</Button>
              <Button variant="ghost">See an example</Button>
            </>
          }
        >
          A sequence writes to people over days, and stops when they answer.
        </EmptyState>
      </Specimen>
      <Specimen title="Failed">
        <ErrorState problem={PROBLEM} onRetry={() => {}} />
      </Specimen>
      <Specimen title="Not allowed">
        <NoPermission detail="This needs the permission outreach:read." />
      </Specimen>
      <Specimen title="Partly failed, and on its way">
        <InlineError problem={PROBLEM} onRetry={() => {}} />
        <SkeletonText lines={3} />
        <Skeleton className="h-8 w-40" />
        <Progress label="Importing leads-march.csv" value={62_400} total={100_000} detail="2,300 rows/s, 16 s left" />
        <Progress label="Importing partners.csv" value={null} total={0} />
      </Specimen>
      <Specimen title="Banners">
        <Banner tone="info">312 people are inside the old version.</Banner>
        <Banner tone="positive">The domain is verified.</Banner>
        <Banner tone="warning" action={<Button size="sm">Look</Button>}>
          SendGrid refuses half of what we send; its messages wait.
        </Banner>
        <Banner tone="danger">Someone else changed this sequence. Yours is not saved.</Banner>
      </Specimen>
      <Specimen title="Steps of a wizard">
        <Stepper label="Import" steps={STEPS} current={step} onBack={setStep} />
        <div className="flex gap-2">
          <Button onClick={() => setStep("run")} variant="primary">
            Start import
          </Button>
        </div>
      </Specimen>
      <Specimen title="Messages" about="Only for what cannot be seen on the page." row>
        <Button onClick={() => toast.done("Export is ready", "leads-march.csv, 2,400 rows")}>Done</Button>
        <Button onClick={() => toast.undo("3 leads archived", () => toast.done("Brought back"))}>With undo</Button>
        <Button onClick={() => toast.problem(new TypeError("Failed to fetch"))}>Problem</Button>
      </Specimen>
    </Specimens>
  );
}
