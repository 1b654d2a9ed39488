#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "optim/problems.h"
#include "taper/optim/optim.h"

// Every optimizer against libtorch 1.13.1, element by element over 1000 steps.
namespace taper::optim {
namespace {

using testing::Bowl;

// Elements 0, 5, 8 of the first parameter and 4 of the second after so many steps.
struct Reference {
  int step;
  double values[4];
};

// The order of the operations is libtorch's, fused where it fuses, so what is left is the rounding
// of machines without fused multiply-add: the bowl keeps that from growing.
template <class T>
void expect_trajectory(Bowl<T>& bowl, Optimizer& optimizer,
                       const std::vector<Reference>& references) {
  const double tolerance = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());
  int step = 0;
  for (const Reference& reference : references) {
    while (step < reference.step) {
      bowl.set_gradients(++step);
      optimizer.step();
    }
    const T* a = bowl.a.template data_ptr<T>();
    const T* b = bowl.b.template data_ptr<T>();
    const T values[] = {a[0], a[5], a[8], b[4]};
    for (int i = 0; i < 4; ++i) {
      EXPECT_NEAR(values[i], reference.values[i], tolerance * std::abs(reference.values[i]))
          << "value " << i << " after step " << step;
    }
  }
}

TEST(Trajectory, SgdDouble) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.1));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0539999999999998, 0.57299999999999995, 1.508, -0.052500000000000012}},
          {2, {-2.0972999999999997, 0.65034999999999998, 1.0635000000000001, 0.32506250000000003}},
          {10, {-2.4079372977925511, 1.1112708765419668, -0.95276811936497685, 2.0760823531784118}},
          {1000,
           {-3.0015929215805537, 2.0078592688598715, -2.0065866011840674, 2.9965874917848927}},
      });
}

TEST(Trajectory, SgdFloat) {
  Bowl<float> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.1));
  expect_trajectory(
      bowl, optimizer,
      {
          {1,
           {-2.0539999008178711, 0.57300001382827759, 1.5080000162124634, -0.052500002086162567}},
          {1000,
           {-3.0015926361083984, 2.0078592300415039, -2.0065863132476807, 2.9965877532958984}},
      });
}

TEST(Trajectory, SgdWithMomentumDouble) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(),
                SGDOptions(0.05).momentum(0.9).dampening(0.1).weight_decay(0.01));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0259999999999998, 0.53625, 1.7530000000000001, -0.27600000000000002}},
          {2, {-2.0686032999999999, 0.60426806249999998, 1.3161049, 0.10819920000000002}},
          {10, {-2.7600194135339882, 1.6560991574595207, -3.5954524259928689, 4.3796628550139891}},
          {1000, {-2.9455522420531337, 1.9661760347573505, -1.9851365764190594, 2.971756568708579}},
      });
}

TEST(Trajectory, SgdWithMomentumFloat) {
  Bowl<float> bowl;
  SGD optimizer(bowl.parameters(),
                SGDOptions(0.05).momentum(0.9).dampening(0.1).weight_decay(0.01));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0260000228881836, 0.53624999523162842, 1.753000020980835, -0.27599999308586121}},
          {1000,
           {-2.9455521106719971, 1.9661760330200195, -1.9851366281509399, 2.9717564582824707}},
      });
}

TEST(Trajectory, SgdWithNesterovDouble) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(),
                SGDOptions(0.02).momentum(0.8).nesterov(true).weight_decay(0.03));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.01728, 0.52573999999999999, 1.8207200000000001, -0.33835999999999999}},
          {2, {-2.0374942975999999, 0.56302088080000001, 1.5809172224000001, -0.13173637119999998}},
          {10,
           {-2.2866974302479681, 0.97156435259274132, -0.71381418836362109, 1.8535410216778829}},
          {1000,
           {-2.8318637285695591, 1.8904027016363076, -1.9550418594116845, 2.9276235219560682}},
      });
}

TEST(Trajectory, SgdWithNesterovFloat) {
  Bowl<float> bowl;
  SGD optimizer(bowl.parameters(),
                SGDOptions(0.02).momentum(0.8).nesterov(true).weight_decay(0.03));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.017280101776123, 0.52574002742767334, 1.8207199573516846, -0.3383600115776062}},
          {1000,
           {-2.8318631649017334, 1.8904027938842773, -1.9550418853759766, 2.9276237487792969}},
      });
}

TEST(Trajectory, AdamDouble) {
  Bowl<double> bowl;
  Adam optimizer(bowl.parameters(), AdamOptions(0.05));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0499999990740743, 0.54999999931506849, 1.950000000101626, -0.45000000011173186}},
          {2, {-2.099433416173774, 0.60006164736455392, 1.8999811585364137, -0.40007371777213097}},
          {10,
           {-2.4827503713572412, 0.9928074098670312, 1.5019519514085962, -0.0030791388045206189}},
          {1000,
           {-3.0067926391013575, 2.0068867369052339, -2.0001189754285837, 2.9992353244474881}},
      });
}

TEST(Trajectory, AdamFloat) {
  Bowl<float> bowl;
  Adam optimizer(bowl.parameters(), AdamOptions(0.05));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0499999523162842, 0.55000001192092896, 1.9500000476837158, -0.45000001788139343}},
          {1000,
           {-3.0067923069000244, 2.0068867206573486, -2.0001192092895508, 2.9992356300354004}},
      });
}

TEST(Trajectory, AdamWithAmsgradDouble) {
  Bowl<double> bowl;
  Adam optimizer(bowl.parameters(),
                 AdamOptions(0.03).betas({0.8, 0.95}).eps(1e-6).weight_decay(0.02).amsgrad(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0299999400001201, 0.5299999583333912, 1.970000006048386, -0.47000000668896175}},
          {2, {-2.0595626105437779, 0.56008208976293106, 1.9399754978626169, -0.44005812739375788}},
          {10,
           {-2.2898729297263771, 0.79652293645120287, 1.7009515225225309, -0.20173270894152795}},
          {1000,
           {-2.8865074704239162, 1.9246500472919603, -1.9684070701822227, 2.9525946942818613}},
      });
}

TEST(Trajectory, AdamWithAmsgradFloat) {
  Bowl<float> bowl;
  Adam optimizer(bowl.parameters(),
                 AdamOptions(0.03).betas({0.8, 0.95}).eps(1e-6).weight_decay(0.02).amsgrad(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0299999713897705, 0.52999997138977051, 1.9700000286102295, -0.4699999988079071}},
          {1000, {-2.8865070343017578, 1.924649715423584, -1.9684073925018311, 2.9525949954986572}},
      });
}

TEST(Trajectory, AdamWDouble) {
  Bowl<double> bowl;
  AdamW optimizer(bowl.parameters(), AdamWOptions(0.05));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0489999990740744, 0.54974999931506852, 1.9490000001016261, -0.44975000011173188}},
          {2, {-2.0974133685307113, 0.59953683500328137, 1.8980069360374143, -0.39959898028462826}},
          {10,
           {-2.4720717207851548, 0.9892547476027217, 1.4931407497574054, -0.001714973895810365}},
          {1000,
           {-3.0023950793859537, 2.0033477227779604, -1.9893887259319296, 2.9859787692504094}},
      });
}

TEST(Trajectory, AdamWFloat) {
  Bowl<float> bowl;
  AdamW optimizer(bowl.parameters(), AdamWOptions(0.05));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0490000247955322, 0.54974997043609619, 1.9490000009536743, -0.44975000619888306}},
          {1000, {-3.0023946762084961, 2.003347635269165, -1.989388108253479, 2.985978364944458}},
      });
}

TEST(Trajectory, AdamWWithAmsgradDouble) {
  Bowl<double> bowl;
  AdamW optimizer(bowl.parameters(),
                  AdamWOptions(0.02).betas({0.85, 0.99}).weight_decay(0.1).amsgrad(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0159999996296296, 0.51899999972602739, 1.9760000000406504, -0.47900000004469273}},
          {2, {-2.0317552295298325, 0.53801080265062373, 1.9520324075628752, -0.45807436982720962}},
          {10, {-2.155056313342584, 0.68707685934148488, 1.7625704222562575, -0.29267944527157336}},
          {1000,
           {-2.8784717803515254, 1.8736725785549035, -1.6285568070027803, 2.4997887724859829}},
      });
}

TEST(Trajectory, AdamWWithAmsgradFloat) {
  Bowl<float> bowl;
  AdamW optimizer(bowl.parameters(),
                  AdamWOptions(0.02).betas({0.85, 0.99}).weight_decay(0.1).amsgrad(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0160000324249268, 0.51899999380111694, 1.9760000705718994, -0.47900000214576721}},
          {1000,
           {-2.8784744739532471, 1.8736742734909058, -1.6285600662231445, 2.4997949600219727}},
      });
}

TEST(Trajectory, AdagradDouble) {
  Bowl<double> bowl;
  Adagrad optimizer(bowl.parameters(), AdagradOptions(0.3));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.2999999999444443, 0.79999999995890414, 1.7000000000060975, -0.20000000000670393}},
          {2,
           {-2.4493602554965173, 1.0011941633225083, 1.4931199884270463, -0.0011899243579057972}},
          {10, {-2.9069580096384544, 1.6503421594211705, 0.60966586198459338, 0.85821457290570846}},
          {1000,
           {-3.0019393852303704, 2.0093193780229375, -2.0009121156487257, 2.9992634896165433}},
      });
}

TEST(Trajectory, AdagradFloat) {
  Bowl<float> bowl;
  Adagrad optimizer(bowl.parameters(), AdagradOptions(0.3));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.2999999523162842, 0.80000001192092896, 1.7000000476837158, -0.19999998807907104}},
          {1000,
           {-3.0019395351409912, 2.0093190670013428, -2.0009124279022217, 2.9992637634277344}},
      });
}

TEST(Trajectory, AdagradWithDecayDouble) {
  Bowl<double> bowl;
  Adagrad optimizer(
      bowl.parameters(),
      AdagradOptions(0.5).lr_decay(0.01).weight_decay(0.02).initial_accumulator_value(0.1).eps(
          1e-6));
  expect_trajectory(
      bowl, optimizer,
      {
          {1,
           {-2.4225764130797511, 0.95779095540057857, 1.5010132069724025, -0.0012383357839628184}},
          {2, {-2.5813040035882797, 1.2456156795385434, 1.1701200712363715, 0.31391693568381412}},
          {10,
           {-2.8751147805518058, 1.8649839480681296, -0.098949918372713719, 1.5197352425470512}},
          {1000,
           {-2.8850108730841137, 1.9246506634933611, -1.9686529953881271, 2.9525912187592169}},
      });
}

TEST(Trajectory, AdagradWithDecayFloat) {
  Bowl<float> bowl;
  Adagrad optimizer(
      bowl.parameters(),
      AdagradOptions(0.5).lr_decay(0.01).weight_decay(0.02).initial_accumulator_value(0.1).eps(
          1e-6));
  expect_trajectory(
      bowl, optimizer,
      {
          {1,
           {-2.4225764274597168, 0.95779097080230713, 1.5010131597518921, -0.0012383460998535156}},
          {1000, {-2.8850107192993164, 1.9246509075164795, -1.968653678894043, 2.9525916576385498}},
      });
}

TEST(Trajectory, RmspropDouble) {
  Bowl<double> bowl;
  RMSprop optimizer(bowl.parameters(), RMSpropOptions(0.02));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.1999999629629698, 0.69999997260274338, 1.8000000040650406, -0.30000000446927372}},
          {2, {-2.3113260177003809, 0.83980336004300593, 1.6598275740544155, -0.16479252800240046}},
          {10, {-2.7464640042342787, 1.3661505363891864, 1.0359330871458683, 0.44750912111843089}},
          {1000, {-3.0022768712046197, 2.0217135842321761, -2.0174899082807052, 2.993001373808911}},
      });
}

TEST(Trajectory, RmspropFloat) {
  Bowl<float> bowl;
  RMSprop optimizer(bowl.parameters(), RMSpropOptions(0.02));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.2000000476837158, 0.69999998807907104, 1.7999999523162842, -0.30000001192092896}},
          {1000,
           {-3.0022766590118408, 2.0217137336730957, -2.0174899101257324, 2.9930014610290527}},
      });
}

TEST(Trajectory, RmspropWithMomentumDouble) {
  Bowl<double> bowl;
  RMSprop optimizer(bowl.parameters(),
                    RMSpropOptions(0.01).alpha(0.9).momentum(0.8).weight_decay(0.03));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0316227745183504, 0.53162277520308243, 1.9683772235991195, -0.46837722362103335}},
          {2, {-2.0772832699477846, 0.58075976357397696, 1.9199236456913198, -0.42058840217792981}},
          {10, {-2.5314305724376167, 1.072507259801748, 1.4063187776715911, 0.087607347963382737}},
          {1000,
           {-2.8413929761821533, 1.9093713896151998, -1.9665253725344491, 2.9157088329998402}},
      });
}

TEST(Trajectory, RmspropWithMomentumFloat) {
  Bowl<float> bowl;
  RMSprop optimizer(bowl.parameters(),
                    RMSpropOptions(0.01).alpha(0.9).momentum(0.8).weight_decay(0.03));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0316228866577148, 0.53162276744842529, 1.9683772325515747, -0.46837723255157471}},
          {1000, {-2.841392993927002, 1.9093714952468872, -1.9665253162384033, 2.9157087802886963}},
      });
}

TEST(Trajectory, RmspropCenteredDouble) {
  Bowl<double> bowl;
  RMSprop optimizer(bowl.parameters(), RMSpropOptions(0.01).alpha(0.95).eps(1e-3).centered(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0454965679399444, 0.545596555888329, 1.9541596032594615, -0.45416385002581672}},
          {2, {-2.0753551804719068, 0.5803632972150321, 1.9201990897918206, -0.42122814914436135}},
          {10,
           {-2.2431956281874803, 0.75620625169479128, 1.7380134072470521, -0.24053732716456847}},
          {1000, {-3.0014923169474987, 2.0120714265131694, -2.00920399672298, 2.9957096354296122}},
      });
}

TEST(Trajectory, RmspropCenteredFloat) {
  Bowl<float> bowl;
  RMSprop optimizer(bowl.parameters(), RMSpropOptions(0.01).alpha(0.95).eps(1e-3).centered(true));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0454964637756348, 0.54559653997421265, 1.9541596174240112, -0.45416384935379028}},
          {1000,
           {-3.0014927387237549, 2.0120713710784912, -2.0092039108276367, 2.9957094192504883}},
      });
}

TEST(Trajectory, RmspropCenteredWithMomentumDouble) {
  Bowl<double> bowl;
  RMSprop optimizer(
      bowl.parameters(),
      RMSpropOptions(0.005).alpha(0.8).eps(1e-2).centered(true).momentum(0.5).weight_decay(0.01));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0119266055045872, 0.51208333333333333, 1.9875629405840887, -0.48756936736958933}},
          {2, {-2.0270022545000441, 0.52868190290139772, 1.9708576946712062, -0.47115225754070827}},
          {10, {-2.1872604817845187, 0.7014549329286387, 1.7887625420065778, -0.29026939168688448}},
          {1000,
           {-2.9419649154166834, 1.9703680810950355, -1.9876964734047164, 2.9739662734685894}},
      });
}

TEST(Trajectory, RmspropCenteredWithMomentumFloat) {
  Bowl<float> bowl;
  RMSprop optimizer(
      bowl.parameters(),
      RMSpropOptions(0.005).alpha(0.8).eps(1e-2).centered(true).momentum(0.5).weight_decay(0.01));
  expect_trajectory(
      bowl, optimizer,
      {
          {1, {-2.0119266510009766, 0.51208335161209106, 1.987562894821167, -0.48756936192512512}},
          {1000,
           {-2.9419646263122559, 1.9703679084777832, -1.9876965284347534, 2.9739663600921631}},
      });
}

}  // namespace
}  // namespace taper::optim
